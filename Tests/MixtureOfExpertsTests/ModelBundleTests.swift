import Digests
import Foundation
import Layers
import MixtureOfExperts
import Tensors
import Testing

@Suite struct ModelBundleTests {
  private func weights(_ part: some Parameterised) -> [String] {
    part.namedTensors.map { "\($0.name) \($0.value.scalars)" }
  }

  @Test func `a model reads back as it was written, bit for bit`() throws {
    try withTemporaryFolder { folder in
      let model = untrainedModel()
      let stored = try ModelBundle.write(model, to: folder + "/model")
      let loaded = try ModelBundle.loadAll(folder + "/model")
      #expect(loaded.description == stored)
      #expect(loaded.description.powerScaling == model.description.powerScaling)
      #expect(loaded.description.latentMean == model.description.latentMean)
      #expect(weights(loaded.backbone) == weights(model.backbone))
      for kind in GateKind.allCases {
        #expect(try weights(#require(loaded.gates[kind])) == weights(#require(model.gates[kind])))
      }
      for k in 0..<3 { #expect(weights(loaded.experts[k]) == weights(model.experts[k])) }
    }
  }

  @Test func `an edge host needs model.json and its expert's file only`() throws {
    try withTemporaryFolder { folder in
      try ModelBundle.write(untrainedModel(), to: folder + "/model")
      for file in ["model.json", "expert-1.safetensors"] {
        try FileManager.default.createDirectory(atPath: folder + "/edge", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: folder + "/model/" + file, toPath: folder + "/edge/" + file)
      }
      let expert = try ModelBundle.loadExpert(1, folder + "/edge")
      #expect(expert.index == 1)
      #expect(try expert.digest == ModelBundle.loadBaseStation(folder + "/model").digest)
      #expect(throws: ModelBundleError.missing(path: folder + "/edge/expert-0.safetensors")) {
        _ = try ModelBundle.loadExpert(0, folder + "/edge")
      }
    }
  }

  @Test func `a base station does not need the experts`() throws {
    try withTemporaryFolder { folder in
      try ModelBundle.write(untrainedModel(), to: folder + "/model")
      for k in 0..<3 { try FileManager.default.removeItem(atPath: folder + "/model/expert-\(k).safetensors") }
      #expect(try ModelBundle.loadBaseStation(folder + "/model").gates.count == 3)
    }
  }

  @Test func `a changed weight file is refused with both digests`() throws {
    try withTemporaryFolder { folder in
      let stored = try ModelBundle.write(untrainedModel(), to: folder + "/model")
      let path = folder + "/model/expert-2.safetensors"
      var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      bytes[bytes.count - 1] ^= 1
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let expected = try #require(stored.digests["expert-2.safetensors"])
      #expect(
        throws: ModelBundleError.digestMismatch(path: path, expected: expected, received: SHA256Digest.of(bytes))
      ) { _ = try ModelBundle.loadExpert(2, folder + "/model") }
      #expect(try ModelBundle.loadExpert(1, folder + "/model").index == 1)
    }
  }

  @Test(arguments: [
    ("\"expertCount\" : 3", "\"expertCount\" : 0", "expertCount: expected 1 to 64, received 0"),
    ("\"formatVersion\" : 1", "\"formatVersion\" : 2", "formatVersion: expected 1, received 2"),
    ("\"latentCount\" : 120", "\"latentCount\" : 84", "latentCount: expected 120, received 84"),
    ("\"outputCount\" : 4", "\"outputCount\" : 5", "outputCount: expected 4, received 5"),
    ("\"name\" : \"untrained\"", "\"nome\" : \"untrained\"", "name: expected, not there"),
    ("\"backbone\" : \"lenet5\"", "\"backbone\" : \"lenet6\"", "backbone: "),
  ])
  func `a description that contradicts itself is refused, and the field is named`(
    field: String, wrong: String, message: String
  ) throws {
    try withTemporaryFolder { folder in
      try ModelBundle.write(untrainedModel(), to: folder + "/model")
      let path = folder + "/model/model.json"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(text.contains(field))
      try text.replacingOccurrences(of: field, with: wrong).write(toFile: path, atomically: true, encoding: .utf8)
      #expect {
        _ = try ModelBundle(folder: folder + "/model")
      } throws: { error in
        "\(error)".contains(message) && !"\(error)".contains("\n")
      }
    }
  }

  @Test func `a folder that is no model, and an expert that the model has not, are one clear line`() throws {
    try withTemporaryFolder { folder in
      #expect(throws: ModelBundleError.missing(path: folder + "/model.json")) {
        _ = try ModelBundle.loadBaseStation(folder)
      }
      try ModelBundle.write(untrainedModel(), to: folder + "/model")
      #expect(throws: ModelBundleError.noSuchExpert(folder: folder + "/model", index: 3, count: 3)) {
        _ = try ModelBundle.loadExpert(3, folder + "/model")
      }
    }
  }

  @Test func `writing replaces an old model, keeps what is not a model's, and leaves nothing behind`() throws {
    try withTemporaryFolder { folder in
      try ModelBundle.write(untrainedModel(expertCount: 5), to: folder + "/model")
      let others = ["README.md", "whole.safetensors", "expert-04.safetensors"]
      for name in others { try name.write(toFile: "\(folder)/model/\(name)", atomically: true, encoding: .utf8) }
      try ModelBundle.write(untrainedModel(), to: folder + "/model")
      #expect(try ModelBundle.loadAll(folder + "/model").experts.count == 3)
      #expect(!FileManager.default.fileExists(atPath: folder + "/model/expert-4.safetensors"))
      for name in others { #expect(try String(contentsOfFile: "\(folder)/model/\(name)", encoding: .utf8) == name) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["model"])
    }
  }

  @Test func `equal models have equal digests`() throws {
    try withTemporaryFolder { folder in
      try ModelBundle.write(untrainedModel(), to: folder + "/a")
      try ModelBundle.write(untrainedModel(), to: folder + "/b")
      try ModelBundle.write(untrainedModel(seed: 2), to: folder + "/c")
      let digests = try ["a", "b", "c"].map { try ModelBundle(folder: folder + "/" + $0).digest }
      #expect(digests[0] == digests[1] && digests[0] != digests[2])
    }
  }
}
