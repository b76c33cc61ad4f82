import BaseStation
import Layers
import MixtureOfExperts
import Tensors
import Testing

/// A base station whose experts answer with features, of which its head makes class scores.
@Suite struct HeadTests {
  /// Two features, three classes.
  private func serving(_ change: (inout BaseStationConfiguration) -> Void = { _ in }) -> Scene {
    var model = Scene.model
    model.classLabels = ["no", "yes", "both"]
    let head = Head(weight: Tensor([4, 0, 0, 4, 3, 3], shape: [3, 2]), bias: Tensor([0, 0, -1], shape: [3]))
    return .serving(model: model, head: head, change)
  }

  private static let cases: [(features: [Float], expected: UInt16)] = [([1, 0], 0), ([0, 1], 1), ([1, 1], 2)]

  @Test(arguments: cases) func `the head makes classes of an expert's features`(features: [Float], expected: UInt16) {
    var scene = serving()
    scene.infer()
    scene.compute()
    scene.reply(to: scene.takeDispatches()[0], output: features)
    #expect(scene.takeResults().first?.classes == [expected])
  }

  @Test func `every expert's features are read by themselves before they are mixed`() {
    var scene = serving { $0.topK = 2 }
    scene.infer()
    scene.compute(logits: [0, 0, -9])
    let sent = scene.takeDispatches()
    scene.reply(to: sent[0], output: [1, 1])
    scene.reply(to: sent[1], output: [1, -1])
    // Of equal weights: the mean of softmax(4, 4, 5) and softmax(4, -4, -1).
    #expect(scene.takeResults().first?.classes == [0])
  }

  @Test(arguments: [[Float.nan, 0], [0, -Float.infinity], [3e38, 3e38]])
  func `features that make no scores send the latent on`(features: [Float]) {
    var scene = serving()
    scene.infer()
    scene.compute()
    scene.reply(to: scene.takeDispatches()[0], output: features)
    let sent = scene.takeDispatches()
    #expect(sent.map(\.peer) == [Scene.peer(1)])
    scene.reply(to: sent[0], output: [1, 1])
    #expect(scene.takeResults().first?.classes == [2])
  }
}
