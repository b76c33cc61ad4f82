import Datasets
import Digests
import Foundation
import MixtureOfExperts
import Tensors

/// Trains models by one recipe after the other for experiments, each stage in a folder that is named by all that decides its
/// result: what is finished is not done again, in whatever experiment, and what was interrupted goes on where it was.
struct TrainedModels {
  let data: TrainingData
  let dataset: DatasetKind
  /// One folder a training.
  private let folder: String
  private let store: LatentStore
  private let isInterrupted: () -> Bool

  init(data: TrainingData, dataset: DatasetKind, in surroundings: Surroundings) {
    self.data = data
    self.dataset = dataset
    folder = surroundings.runs + "/trained"
    store = surroundings.latents
    isInterrupted = surroundings.isInterrupted
  }

  struct Trained {
    var model: MixtureModel
    /// Time of the epochs, in all.
    let seconds: Double
  }

  /// The model with all its gates.
  ///
  /// - Parameter source: a model whose backbone stage 1 starts from, or keeps if the recipe says so.
  /// - Throws: `interrupted`, among others.
  func model(_ recipe: Recipe, _ title: String, backboneOf source: MixtureModel? = nil) throws -> Trained {
    let first = try stage1(recipe, title, backboneOf: source)
    let second = try gates(
      recipe, of: first.model, title, latents: recipe.stage1.frozenBackboneViews == nil ? .none : store)
    return Trained(model: second.model, seconds: first.seconds + second.seconds)
  }

  /// A model that is there, with new gates.
  ///
  /// - Throws: `interrupted`, among others.
  func gates(_ recipe: Recipe, of model: MixtureModel, _ title: String) throws -> Trained {
    try gates(recipe, of: model, title, latents: store)
  }

  private func stage1(
    _ recipe: Recipe, _ title: String, backboneOf source: MixtureModel?
  ) throws -> Trained {
    let fingerprint = try recipe.fingerprint(
      recipe.stage1, data: data.digest, model: source?.description.weightsDigest)
    let run = folder(recipe, Stage1.name, fingerprint, recipe.backbonePrecision?.rawValue ?? "")
    var trained = try training(run) {
      var stage = try Stage1(recipe, data: data, backboneOf: source, latents: store)
      try train(&stage, "\(title): stage 1", in: run, fingerprint)
      let name = "\(recipe.backbone.rawValue)-\(dataset.rawValue)-k\(recipe.expertCount)-\(recipe.name)"
      return try stage.model(named: name, dataset: dataset.rawValue)
    }
    // Stage 1 is the same whatever becomes of it.
    trained.model.description.recipe = recipe.name
    trained.model.description.combination = recipe.combination
    return trained
  }

  private func gates(
    _ recipe: Recipe, of model: MixtureModel, _ title: String, latents: LatentStore
  ) throws -> Trained {
    var model = model
    model.gates = model.gates.filter { $0.key == .base }
    model.description.training?.stage2 = nil
    let fingerprint = try recipe.fingerprint(
      ofStage2: recipe.stage2, data: data.digest, model: model.description)
    // What is said of a model is stored with it, and so is what stage 2 passes on unread.
    let passedOn = [model.description.digests[ModelPart.gate(.base).file], model.description.latentTable?.digest]
    let name =
      "\(model.description.name) \(recipe.name) \(recipe.combination.rawValue) "
      + passedOn.map { $0?.hex ?? "" }.joined(separator: " ")
    let run = folder(recipe, Stage2.name, fingerprint, name)
    return try training(run) {
      var stage = try Stage2(recipe, model: model, data: data, latents: latents)
      try train(&stage, "\(title): stage 2", in: run, fingerprint)
      return try stage.finishedModel()
    }
  }

  private func folder(_ recipe: Recipe, _ stage: String, _ fingerprint: SHA256Digest, _ more: String) -> String {
    let name = SHA256Digest.of(Array("\(fingerprint.hex) \(more)".utf8)).hex.prefix(12)
    return "\(folder)/\(recipe.backbone.rawValue)-k\(recipe.expertCount)-\(stage)-\(name)"
  }

  /// The model that lies in a run's folder, or else the one that is made now and put there.
  private func training(_ run: String, _ make: () throws -> MixtureModel) throws -> Trained {
    let path = run + "/model"
    if !FileManager.default.fileExists(atPath: path) { try ModelBundle.write(make(), to: path) }
    let epochs = try LearningCurves.read(run + "/" + TrainingRun.metricsFile)
    return Trained(
      model: try ModelBundle.loadAll(path), seconds: epochs.reduce(0) { $0 + ($1["seconds"] ?? 0) })
  }

  private func train(
    _ stage: inout some TrainingStage, _ title: String, in folder: String, _ fingerprint: SHA256Digest
  ) throws {
    try? FileHandle.standardError.write(contentsOf: Data("\(title)\n".utf8))
    let observer = ConsoleObserver(of: stage, isJSON: false)
    let outcome = try TrainingRun(folder: folder, fingerprint: fingerprint)(
      &stage, observer: observer, isInterrupted: isInterrupted)
    observer.ended()
    if outcome == .interrupted { throw TrainingError.interrupted }
  }
}
