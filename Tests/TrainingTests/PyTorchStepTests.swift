import Datasets
import Foundation
import Layers
import MixtureOfExperts
import PyTorchRecords
import Tensors
import Testing
import Training

/// Steps of stage 1 against PyTorch's: forward, loss, the gradients of all parts, and the optimiser.
@Suite struct PyTorchStepTests {
  /// The stage of `record.py`'s `stage1`.
  private static func stage(_ kind: Recipe.OptimiserSettings.Kind, peakLearningRate: Double) throws -> Stage1 {
    var recipe = try smallRecipe()
    recipe.backbone = .vit
    recipe.expertCount = 2
    recipe.stage1.epochs = 3
    recipe.stage1.batchSize = 24
    recipe.stage1.optimiser.kind = kind
    recipe.stage1.optimiser.peakLearningRate = peakLearningRate
    recipe.stage1.optimiser.weightDecay = 0.05
    (recipe.stage1.gatedExpertWeight, recipe.stage1.meanExpertWeight, recipe.stage1.balanceWeight) = (1, 0.5, 2)
    (recipe.stage1.labelSmoothing, recipe.stage1.downShare, recipe.stage1.augmentation) = (0.1, 0, .none)
    let images = ImageSet(
      name: "noise", shape: .cifar, classNames: (0..<6).map { "class \($0)" }, labels: (0..<24).map { $0 % 6 },
      pixels: Formula.numbers(100, [24, 3, 32, 32], 1).scalars.map { UInt8((Double($0) + 1) * 128) })
    var stage = try Stage1(recipe, data: TrainingData(images, validationCount: 0))
    let weights = Formula.weights(like: stage.network.namedTensors)
    try stage.restore(
      Safetensors(["network.", "best."].flatMap { part in weights.map { (part + $0.name, $0.value) } }))
    return stage
  }

  @Test(arguments: [(Recipe.OptimiserSettings.Kind.sgd, 0.01), (.adamW, 0.0002)])
  func `a vision transformer's first steps have PyTorch's losses and move all its parts as PyTorch's do`(
    kind: Recipe.OptimiserSettings.Kind, peakLearningRate: Double
  ) throws {
    let recorded = try Recorded("stage1")
    var stage = try Self.stage(kind, peakLearningRate: peakLearningRate)
    let before = Dictionary(uniqueKeysWithValues: stage.network.namedTensors)
    let losses = (0..<3).map { stage.advance(step: $0) }
    for (step, loss) in losses.enumerated() {
      let expected = Double(recorded["\(kind.rawValue).losses"][step])
      #expect(abs(loss - expected) < 1e-5 * expected, "step \(step): \(loss), PyTorch's \(expected)")
    }
    let after = Dictionary(uniqueKeysWithValues: stage.network.namedTensors)
    for name in [
      "backbone.stem.conv2.weight", "backbone.stem.bn1.running_mean", "backbone.pos_embed",
      "backbone.blocks.0.attn.qkv.weight", "backbone.blocks.3.mlp.fc2.bias", "backbone.norm.weight", "gate.fc1.weight",
      "gate.fc2.bias", "experts.0.fc2.weight", "experts.1.fc1.weight", "head.weight", "head.bias",
    ] {
      let (old, new) = (try #require(before[name]), try #require(after[name]))
      // The first rows are recorded.
      let expected = recorded["\(kind.rawValue).\(name)"].scalars
      let moved = zip(new.scalars, old.scalars).prefix(expected.count).map { $0 - $1 }
      #expect(distance(moved, expected) < 5e-3, "\(name)")
    }
  }

  /// The length of a - b as a share of b's: Adam moves a weight whose gradient is about 0 either way.
  private func distance(_ a: [Float], _ b: [Float]) -> Float {
    func length(_ x: [Float]) -> Float { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    return length(zip(a, b).map { $0 - $1 }) / length(b)
  }
}
