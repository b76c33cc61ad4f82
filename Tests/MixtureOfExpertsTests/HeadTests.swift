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

  @Test(arguments: Combination.allCases) func `a head reads each answer of probabilities, and the mix of outputs`(
    combination: Combination
  ) throws {
    let head = Head(
      weight: Tensor([1, 0, 0, 1, 2, -1], shape: [3, 2]), bias: Tensor([0, 0.5, 0], shape: [3]))
    let outputs: [[Float]] = [[1, 2], [-1, 3]]
    var probabilities = [Float](repeating: 0, count: 3)
    let flat = outputs.flatMap(\.self)
    let prediction = flat.withUnsafeBufferPointer { flat in
      // In the other order, which must not matter.
      var answers = [1, 0].map {
        ExpertAnswer(
          expert: $0, weight: $0 == 0 ? 0.3 : 0.1, outputs: UnsafeBufferPointer(rebasing: flat[2 * $0..<2 * $0 + 2]))
      }
      return probabilities.withUnsafeMutableBufferPointer { combination.combine(&answers, head: head, into: $0) }
    }
    func softmax(_ x: [Float]) -> [Float] {
      let total = x.map { expf($0) }.reduce(0, +)
      return x.map { expf($0) / total }
    }
    func scores(_ o: [Float]) -> [Float] { [o[0], o[1] + 0.5, 2 * o[0] - o[1]] }
    let expected: [Float] =
      switch combination {
      case .probabilities: zip(softmax(scores(outputs[0])), softmax(scores(outputs[1]))).map { 0.75 * $0 + 0.25 * $1 }
      case .logits: softmax(scores([0.75 * 1 + 0.25 * -1, 0.75 * 2 + 0.25 * 3]))
      }
    for (own, wanted) in zip(probabilities, expected) { #expect(abs(own - wanted) < 1e-6) }
    #expect(prediction.classIndex == 1)
  }
}
