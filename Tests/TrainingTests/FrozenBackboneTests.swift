import Datasets
import Digests
import Foundation
import Layers
import MixtureOfExperts
import Tensors
import Testing
import Training

/// Stage 1 on a backbone that is there already.
@Suite struct FrozenBackboneTests {
  private let data: TrainingData
  private let source: MixtureModel

  init() throws {
    data = try TrainingData(squares(240), validationCount: 40)
    var stage = try Stage1(smallRecipe(), data: data)
    for step in 0..<stage.totalSteps { _ = stage.advance(step: step) }
    _ = stage.validate(epoch: 0)
    source = try stage.model(named: "source", dataset: "folder")
  }

  private func frozenRecipe(views: Int) throws -> Recipe {
    var recipe = try smallRecipe()
    recipe.stage1.frozenBackboneViews = views
    recipe.stage1.epochs = 8
    return recipe
  }

  private func trained(_ recipe: Recipe) throws -> Stage1 {
    var stage = try Stage1(recipe, data: data, backboneOf: source)
    for step in 0..<stage.totalSteps {
      _ = stage.advance(step: step)
      if (step + 1).isMultiple(of: stage.stepsPerEpoch) { _ = stage.validate(epoch: step / stage.stepsPerEpoch) }
    }
    return stage
  }

  @Test(arguments: [0, 2]) func `gate and experts learn while the backbone stays bit for bit`(views: Int) throws {
    var recipe = try frozenRecipe(views: views)
    recipe.stage1.averageDecay = 0.9
    let stage = try trained(recipe)
    let model = try stage.model(named: "heads", dataset: "folder")
    for (ours, theirs) in zip(model.backbone.namedTensors, source.backbone.namedTensors) {
      #expect(ours.value == theirs.value, "\(ours.name)")
    }
    #expect(model.experts[0].namedTensors[0].value != source.experts[0].namedTensors[0].value)
    #expect(try #require(stage.best[Stage1.choice]).accuracy > 90)
    let origin = try #require(model.description.training?.stage1?.hyperparameters["backboneOf"])
    #expect(origin == .text("source \(source.description.weightsDigest.hex)"))
  }

  @Test(arguments: [
    (isKept: false, keepsLast: nil, epoch: 0), (false, true, 7), (true, nil, 7), (true, false, 0),
  ])
  func `the last epoch is stored where the backbone is kept, or as the recipe says, though an earlier one was as good`(
    isKept: Bool, keepsLast: Bool?, epoch: Int
  ) throws {
    var recipe = isKept ? try frozenRecipe(views: 0) : try smallRecipe()
    recipe.stage1.keepsLastEpoch = keepsLast
    var stage = try Stage1(recipe, data: data, backboneOf: source)
    for epoch in [0, 7] { _ = stage.validate(epoch: epoch) }
    #expect(stage.best[Stage1.choice]?.epoch == epoch)
  }

  @Test func `a backbone that is not kept is trained on from the source's`() throws {
    var recipe = try smallRecipe()
    recipe.stage1.epochs = 1
    var stage = try Stage1(recipe, data: data, backboneOf: source)
    let before = stage.network.backbone.namedTensors
    #expect(before.map(\.value) == source.backbone.namedTensors.map(\.value))
    _ = stage.advance(step: 0)
    #expect(stage.network.backbone.namedTensors.map(\.value) != before.map(\.value))
  }

  @Test func `a recipe that keeps a backbone needs a model that has one`() throws {
    let recipe = try frozenRecipe(views: 1)
    let error = try #require(throws: TrainingError.self) { try Stage1(recipe, data: data) }
    #expect(
      error.description
        == "--backbone-of: expected a model, for stage1.frozenBackboneViews keeps its backbone, received none")
  }

  @Test func `a backbone of another kind is refused`() throws {
    var recipe = try smallRecipe()
    recipe.backbone = .resNet18
    let error = try #require(throws: TrainingError.self) { try Stage1(recipe, data: data, backboneOf: source) }
    #expect(error.description == "backbone of source: expected resnet18, received lenet5")
  }

  @Test func `images cannot be mixed in pairs before a backbone that is kept`() throws {
    var recipe = try frozenRecipe(views: 1)
    recipe.stage1.pairs = PairMixing(mixup: 0.2, cutmix: 0, share: 1)
    #expect(
      recipe.firstViolation == "stage1.pairs: expected none where stage1.frozenBackboneViews keeps the backbone")
  }

  @Test func `what only a backbone's training heeds is refused where the backbone is kept`() throws {
    func complaint(_ change: (inout Recipe.Stage1) -> Void) throws -> String? {
      var recipe = try frozenRecipe(views: 1)
      recipe.backbone = .vit
      change(&recipe.stage1)
      return recipe.firstViolation
    }
    let reason = "expected none where stage1.frozenBackboneViews keeps the backbone"
    #expect(try complaint { _ in } == nil)
    #expect(try complaint { $0.precision = .bf16 } == "stage1.precision: \(reason)")
    #expect(try complaint { $0.stochasticDepth = 0.1 } == "stage1.stochasticDepth: \(reason)")
    #expect(
      try complaint { $0.patchDropout = Recipe.PatchDropoutSettings(rate: 0.5, wholeEpochs: 1) }
        == "stage1.patchDropout: \(reason)")
  }

  @Test func `a backbone stored as bf16 is half as large and loses nothing more`() throws {
    var recipe = try smallRecipe()
    recipe.stage1.epochs = 1
    var stage = try Stage1(recipe, data: data, backboneOf: source)
    _ = stage.validate(epoch: 0)
    let folder = NSTemporaryDirectory() + "moe-bf16-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let whole = try ModelBundle.write(stage.model(named: "m", dataset: "folder"), to: folder + "/fp32")
    recipe.backbonePrecision = .bf16
    var rounded = try Stage1(recipe, data: data, backboneOf: source)
    _ = rounded.validate(epoch: 0)
    let model = try rounded.model(named: "m", dataset: "folder")
    try ModelBundle.write(model, to: folder + "/bf16")
    func size(_ path: String) throws -> Int {
      try Data(contentsOf: URL(fileURLWithPath: folder + path + "/backbone.safetensors")).count
    }
    #expect(try Double(size("/bf16")) < 0.55 * Double(size("/fp32")))
    let read = try ModelBundle.loadAll(folder + "/bf16")
    #expect(read.backbone.namedTensors.map(\.value) == model.backbone.namedTensors.map(\.value))
    #expect(read.description.digests["backbone.safetensors"] != whole.digests["backbone.safetensors"])
    #expect(read.description.digests["gate-base.safetensors"] == whole.digests["gate-base.safetensors"])
  }
}
