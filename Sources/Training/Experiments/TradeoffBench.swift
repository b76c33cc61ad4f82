import Datasets
import Digests
import Foundation
import MixtureOfExperts

/// Trains models by one recipe after the other and measures them, keeping everything that is finished.
struct TradeoffBench {
  let data: TrainingData
  /// Nil where no test figures are wanted.
  let test: ImageSet?
  let folder: String
  let dataset: DatasetKind
  let plan: StudyPlan
  let isInterrupted: () -> Bool

  /// A recipe's figures, from its folder where they were made before; nil if its training was interrupted.
  func studies(
    of recipe: Recipe, named name: String, withTest: Bool
  ) throws -> (validation: Study, test: Study?)? {
    let splits = [("validation", data.validation)] + (withTest ? test.map { [("test", $0)] } ?? [] : [])
    var studies = splits.map { split, images in kept(split, recipe, images, in: "\(folder)/\(name)") }
    if studies.contains(nil) {
      guard let model = try model(recipe, named: name) else { return nil }
      for (place, (split, images)) in splits.enumerated() where studies[place] == nil {
        studies[place] = try measure(model, split, recipe, images, in: "\(folder)/\(name)")
      }
    }
    guard let validation = studies[0] else { preconditionFailure("\(name) has just been measured") }
    return (validation, withTest ? studies.last ?? nil : nil)
  }

  // MARK: Training

  /// The model with all its gates, stored in a folder of its own as well; nil if its training was interrupted.
  private func model(_ recipe: Recipe, named name: String) throws -> MixtureModel? {
    let run = "\(folder)/\(name)"
    var first = try Stage1(recipe, data: data)
    let began = try recipe.fingerprint(recipe.stage1, data: data.digest)
    guard try train(&first, "\(name): stage 1", in: "\(run)/stage1", began) else { return nil }
    var model = try first.model(named: name, dataset: dataset.rawValue)
    try FileManager.default.createDirectory(atPath: "\(run)/model", withIntermediateDirectories: true)
    // With the digests, by which stage 2's run is named.
    model.description = try ModelBundle.write(model, to: "\(run)/model/\(name)")
    var second = try Stage2(recipe, model: model, data: data)
    let goesOn = try recipe.fingerprint(
      recipe.stage2, data: data.digest, model: model.description.weightsDigest)
    guard try train(&second, "\(name): stage 2", in: "\(run)/stage2", goesOn) else { return nil }
    var finished = try second.finishedModel()
    finished.description = try ModelBundle.write(finished, to: "\(run)/model/\(name)")
    return finished
  }

  private func train(
    _ stage: inout some TrainingStage, _ title: String, in folder: String, _ fingerprint: SHA256Digest
  ) throws -> Bool {
    FileHandle.standardError.write(Data("\(title)\n".utf8))
    let observer = ConsoleObserver(of: stage, isJSON: false)
    let outcome = try TrainingRun(folder: folder, fingerprint: fingerprint)(
      &stage, observer: observer, isInterrupted: isInterrupted)
    observer.ended()
    return outcome == .finished
  }

  // MARK: Measuring

  /// A finished study and all that decided it.
  private struct Kept: Codable {
    struct Key: Codable, Hashable {
      var recipe: Recipe
      var plan: StudyPlan
      var trainingImages: String
      var images: String
    }

    var key: Key
    var study: Study
  }

  private func key(_ recipe: Recipe, _ images: ImageSet) -> Kept.Key {
    Kept.Key(recipe: recipe, plan: plan, trainingImages: data.digest.hex, images: images.digest.hex)
  }

  private func kept(_ split: String, _ recipe: Recipe, _ images: ImageSet, in run: String) -> Study? {
    // What cannot be read is made again.
    guard let file = FileManager.default.contents(atPath: "\(run)/\(split).json"),
      let kept = try? JSONDecoder().decode(Kept.self, from: file), kept.key == key(recipe, images)
    else { return nil }
    return kept.study
  }

  private func measure(
    _ model: MixtureModel, _ split: String, _ recipe: Recipe, _ images: ImageSet, in run: String
  ) throws -> Study {
    let z = Latents.of(images, backbone: model.backbone, normalisation: model.description.normalisation)
    let meter = ProgressMeter("\(model.description.name), \(split)", unit: "runs", total: plan.runCount)
    let study = try StudyMeasurement(
      model, digest: SHA256Digest.of(model.description.encoded()).hex, latents: z, labels: images.labels, plan: plan,
      progress: { meter.update(done: $0) }
    ).study
    meter.clear()
    let kept = try JSONEncoder().encode(Kept(key: key(recipe, images), study: study))
    try storeFile(String(decoding: kept, as: UTF8.self), at: "\(run)/\(split).json")
    return study
  }
}
