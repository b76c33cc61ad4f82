import Datasets
import Digests
import Foundation
import MixtureOfExperts

/// Where an experiment finds images and models, and keeps what it trains.
package struct Surroundings: Sendable {
  /// The folder of the data sets.
  package let data: String
  /// Use the first images of every set only.
  package let limit: Int?
  /// Holds one folder a training run, and models that are not shipped under `models`.
  package let runs: String
  /// The folder of the shipped models.
  package let models: String
  /// The command line that results tell of themselves.
  package let command: String
  /// Asked from time to time; if so, an experiment ends with ``TrainingError/interrupted``, and goes on from there when it is
  /// asked for again.
  package let isInterrupted: @Sendable () -> Bool

  package init(
    data: String, limit: Int? = nil, runs: String, models: String = "Models", command: String,
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) {
    self.data = data
    self.limit = limit
    self.runs = runs
    self.models = models
    self.command = command
    self.isInterrupted = isInterrupted
  }

  /// Of backbones that several trainings share.
  var latents: LatentStore { LatentStore(folder: runs + "/latents") }

  /// Of pictures in folders, those under `train` and under `test`.
  func images(_ dataset: DatasetKind, _ part: DatasetPart, classNames: [String]? = nil) throws -> ImageSet {
    let place = dataset == .folder ? data + (part == .training ? "/train" : "/test") : data
    let images = try ImageSet.load(dataset, part, in: place, classNames: classNames)
    return limit.map(images.prefix) ?? images
  }

  /// A model's folder by its name: a shipped model, or else one that was made here; nil where there is none.
  func bundle(_ name: String) -> String? {
    [models, runs + "/models"].map { "\($0)/\(name)" }.first {
      FileManager.default.fileExists(atPath: "\($0)/\(ModelBundle.descriptionFile)")
    }
  }

  /// - Throws: `file` where there is no model of that name.
  func requiredBundle(_ name: String) throws(TrainingError) -> String {
    guard let folder = bundle(name) else {
      throw .file(path: "\(models)/\(name)", reason: "no such model, nor in \(runs)/models")
    }
    return folder
  }

  /// - Throws: `mismatch` if the images' classes are not the model's.
  func testImages(_ dataset: DatasetKind, of model: MixtureModel) throws -> ImageSet {
    let images = try images(dataset, .test, classNames: model.description.classLabels)
    try model.description.checkClasses(of: images, allowingFewer: true)
    return images
  }

  /// A model's figures on its test images.
  func measure(_ folder: String, _ dataset: DatasetKind, _ plan: StudyPlan) throws -> StudyMeasurement {
    let model = try ModelBundle.loadAll(folder)
    let images = try testImages(dataset, of: model)
    let meter = ProgressMeter(model.description.name, unit: "runs", total: plan.runCount)
    let z = latents.latents(of: images, backbone: model.backbone, normalisation: model.description.normalisation)
    let measurement = try StudyMeasurement(
      model, digest: ModelBundle(folder: folder).digest.hex, latents: z, labels: images.labels, plan: plan,
      progress: { meter.update(done: $0) }, isInterrupted: isInterrupted)
    meter.clear()
    return measurement
  }
}
