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

  init(
    data: TrainingData, dataset: DatasetKind, in surroundings: Surroundings, isInterrupted: @escaping () -> Bool
  ) {
    self.data = data
    self.dataset = dataset
    folder = surroundings.runs + "/trained"
    store = surroundings.latents
    self.isInterrupted = isInterrupted
  }

  struct Trained {
    var model: MixtureModel
    /// Time of the epochs, in all.
    let seconds: Double
  }

  /// The model with all its gates; nil if a training was interrupted.
  ///
  /// - Parameter source: a model whose backbone stage 1 starts from, or keeps if the recipe says so.
  func model(_ recipe: Recipe, _ title: String, backboneOf source: MixtureModel? = nil) throws -> Trained? {
    guard let first = try stage1(recipe, title, backboneOf: source),
      let second = try gates(
        recipe, of: first.model, title, latents: recipe.stage1.frozenBackboneViews == nil ? .none : store)
    else { return nil }
    return Trained(model: second.model, seconds: first.seconds + second.seconds)
  }

  /// A model that is there, with new gates; nil if their training was interrupted.
  func gates(_ recipe: Recipe, of model: MixtureModel, _ title: String) throws -> Trained? {
    try gates(recipe, of: model, title, latents: store)
  }

  private func stage1(
    _ recipe: Recipe, _ title: String, backboneOf source: MixtureModel?
  ) throws -> Trained? {
    let fingerprint = try recipe.fingerprint(
      recipe.stage1, data: data.digest, model: source?.description.weightsDigest)
    let run = folder(recipe, Stage1.name, fingerprint, recipe.backbonePrecision?.rawValue ?? "")
    let trained = try training(run) {
      var stage = try Stage1(recipe, data: data, backboneOf: source, latents: store)
      guard try train(&stage, "\(title): stage 1", in: run, fingerprint) else { return nil }
      let name = "\(recipe.backbone.rawValue)-\(dataset.rawValue)-k\(recipe.expertCount)-\(recipe.name)"
      return try stage.model(named: name, dataset: dataset.rawValue)
    }
    guard var trained else { return nil }
    // Stage 1 is the same whatever becomes of it.
    trained.model.description.recipe = recipe.name
    trained.model.description.combination = recipe.combination
    return trained
  }

  private func gates(
    _ recipe: Recipe, of model: MixtureModel, _ title: String, latents: LatentStore
  ) throws -> Trained? {
    var model = model
    model.gates = model.gates.filter { $0.key == .base }
    model.description.training?.stage2 = nil
    let fingerprint = try recipe.fingerprint(
      ofStage2: recipe.stage2, data: data.digest, model: model.description)
    // What is said of a model is stored with it.
    let name = "\(model.description.name) \(recipe.name) \(recipe.combination.rawValue)"
    let run = folder(recipe, Stage2.name, fingerprint, name)
    return try training(run) {
      var stage = try Stage2(recipe, model: model, data: data, latents: latents)
      guard try train(&stage, "\(title): stage 2", in: run, fingerprint) else { return nil }
      return try stage.finishedModel()
    }
  }

  private func folder(_ recipe: Recipe, _ stage: String, _ fingerprint: SHA256Digest, _ more: String) -> String {
    let name = SHA256Digest.of(Array("\(fingerprint.hex) \(more)".utf8)).hex.prefix(12)
    return "\(folder)/\(recipe.backbone.rawValue)-k\(recipe.expertCount)-\(stage)-\(name)"
  }

  /// The model that lies in a run's folder, or else the one that is made now and put there.
  private func training(_ run: String, _ make: () throws -> MixtureModel?) throws -> Trained? {
    let path = run + "/model"
    if !FileManager.default.fileExists(atPath: path) {
      guard let made = try make() else { return nil }
      try ModelBundle.write(made, to: path)
    }
    let epochs = try LearningCurves.read(run + "/" + TrainingRun.metricsFile)
    return Trained(
      model: try ModelBundle.loadAll(path), seconds: epochs.reduce(0) { $0 + ($1["seconds"] ?? 0) })
  }

  private func train(
    _ stage: inout some TrainingStage, _ title: String, in folder: String, _ fingerprint: SHA256Digest
  ) throws -> Bool {
    try? FileHandle.standardError.write(contentsOf: Data("\(title)\n".utf8))
    let observer = ConsoleObserver(of: stage, isJSON: false)
    let outcome = try TrainingRun(folder: folder, fingerprint: fingerprint)(
      &stage, observer: observer, isInterrupted: isInterrupted)
    observer.ended()
    return outcome == .finished
  }
}
