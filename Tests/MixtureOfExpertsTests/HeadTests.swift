import Digests
import Foundation
import Layers
import MixtureOfExperts
import Tensors
import Testing

/// Models whose experts answer with features, of which a head makes class scores.
@Suite struct HeadTests {
  @Test func `Table I: gate 384-256-K, experts 384-1536-384, and a head of as many outputs as classes`() throws {
    let model = untrainedTransformer()
    func shapes(_ part: some Parameterised) -> [[Int]] { part.namedTensors.map(\.value.shape) }
    #expect(shapes(model.experts[1]) == [[1536, 384], [1536], [384, 1536], [384]])
    #expect(try shapes(#require(model.gates[.base])) == [[256, 384], [256], [2, 256], [2]])
    #expect(try shapes(#require(model.head)) == [[5, 384], [5]])
    #expect(model.backbone(noise([2, 3, 32, 32])).shape == [2, 384])
  }

  @Test func `a bundle has the head's file, reads back, and is of the second format`() throws {
    try withTemporaryFolder { folder in
      let model = untrainedTransformer()
      let stored = try ModelBundle.write(model, to: folder + "/model")
      #expect(stored.formatVersion == 2 && stored.digests["head.safetensors"] != nil)
      let loaded = try ModelBundle.loadAll(folder + "/model")
      #expect(loaded.head?.namedTensors.map(\.value) == model.head?.namedTensors.map(\.value))
      #expect(loaded.backbone.namedTensors.map(\.value) == model.backbone.namedTensors.map(\.value))
      #expect(try ModelBundle.loadBaseStation(folder + "/model").head != nil)
      // An edge host needs no head.
      try FileManager.default.removeItem(atPath: folder + "/model/head.safetensors")
      #expect(try ModelBundle.loadExpert(1, folder + "/model").expert.layers.count == 2)
      #expect(throws: ModelBundleError.missing(path: folder + "/model/head.safetensors")) {
        _ = try ModelBundle.loadBaseStation(folder + "/model")
      }
    }
  }

  @Test(arguments: [
    ("\"formatVersion\" : 2", "\"formatVersion\" : 1", "formatVersion: expected 2, received 1"),
    ("\"formatVersion\" : 2", "\"formatVersion\" : 3", "formatVersion: expected 1 to 2, received 3"),
    ("\"outputCount\" : 384", "\"outputCount\" : 5", "outputCount: expected 384, received 5"),
    ("head.safetensors", "tail.safetensors", "digests: expected head.safetensors, not there"),
  ])
  func `a description that contradicts itself is refused`(field: String, wrong: String, message: String) throws {
    try withTemporaryFolder { folder in
      try ModelBundle.write(untrainedTransformer(), to: folder + "/model")
      let path = folder + "/model/model.json"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(text.contains(field))
      try text.replacingOccurrences(of: field, with: wrong).write(toFile: path, atomically: true, encoding: .utf8)
      #expect {
        _ = try ModelBundle.loadBaseStation(folder + "/model")
      } throws: { error in
        "\(error)".contains(message)
      }
    }
  }

  @Test func `the head is exported and imported like every part, and a model without one says so`() throws {
    let source = untrainedTransformer(seed: 1)
    var target = untrainedTransformer(seed: 2)
    try target.load(source.stateDict(of: .head), from: "weights", part: .head)
    #expect(target.head?.weight == source.head?.weight)
    let names = try source.stateDict().tensors.map(\.name)
    #expect(names.last == "head.bias" && names.contains("backbone.blocks.3.attn.qkv.weight"))
    #expect(try source.stateDict(of: .head).tensors.map(\.name) == ["weight", "bias"])
    #expect(ModelPart("head") == .head && ModelPart.head.file == "head.safetensors")
    #expect(throws: ModelBundleError.noHead(model: "untrained")) { _ = try untrainedModel().stateDict(of: .head) }
  }

  @Test func `a head's file that is damaged, or of other classes, is refused`() throws {
    try withTemporaryFolder { folder in
      let stored = try ModelBundle.write(untrainedTransformer(), to: folder + "/model")
      let path = folder + "/model/head.safetensors"
      let expected = try #require(stored.digests["head.safetensors"])
      var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      bytes[bytes.count - 1] ^= 1
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      #expect(
        throws: ModelBundleError.digestMismatch(path: path, expected: expected, received: SHA256Digest.of(bytes))
      ) { _ = try ModelBundle.loadBaseStation(folder + "/model") }
      #expect {
        var model = untrainedTransformer()
        try model.load(
          Safetensors([("weight", noise([4, 384])), ("bias", noise([5]))]), from: "weights", part: .head)
      } throws: { error in
        "\(error)".contains("weight (expected [5, 384], received [4, 384])")
      }
    }
  }

  @Test func `to read what the experts say and mix is to mix and read`() {
    let head = Head(weight: noise([5, 7], seed: 1), bias: noise([5], seed: 2))
    let outputs = (0..<3).map { noise([1, 7], seed: 3 + $0) }
    func mix(_ parts: [Tensor]) -> Tensor { zip([0.5, 0.2, 0.3], parts).map { $0 * $1 }.reduce(0 * parts[0], +) }
    let (own, expected) = (mix(outputs.map { classScores(of: $0, by: head) }), classScores(of: mix(outputs), by: head))
    #expect(own.shape == [1, 5])
    for (a, b) in zip(own.scalars, expected.scalars) { #expect(abs(a - b) < 1e-6) }
    #expect(classScores(of: outputs[0], by: nil) == outputs[0])
  }
}
