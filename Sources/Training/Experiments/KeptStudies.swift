import Datasets
import Digests
import Foundation
import MixtureOfExperts

/// Studies of models, each in a file that is named by all that decides it.
struct KeptStudies {
  let plan: StudyPlan
  private let folder: String
  private let store: LatentStore
  private let isInterrupted: () -> Bool

  init(_ plan: StudyPlan, in surroundings: Surroundings) {
    self.plan = plan
    folder = surroundings.runs + "/studies"
    store = surroundings.latents
    isInterrupted = surroundings.isInterrupted
  }

  private struct Kept: Codable {
    struct Key: Codable, Hashable {
      var model: String
      var plan: StudyPlan
      /// What the plan's laws come to, scenarios and all.
      var links: [String]
      var images: String
      var version = Self.currentVersion

      /// Raised whenever the same model, plan and images would give other figures.
      static let currentVersion = 2
    }

    var key: Key
    var study: Study
  }

  /// A model's figures on some images, from their file where they were made before.
  ///
  /// - Parameter sharesBackbone: whether the model's backbone is one that others share.
  func study(_ model: MixtureModel, on images: ImageSet, _ title: String, sharesBackbone: Bool) throws -> Study {
    let digest = SHA256Digest.of(try model.description.encoded()).hex
    let key = Kept.Key(
      model: digest, plan: plan, links: plan.conditions.map { "\($0.law.configuration(seed: 0))" },
      images: images.digest.hex)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let path = "\(folder)/\(SHA256Digest.of(try encoder.encode(key)).hex.prefix(16)).json"
    // What cannot be read is made again.
    if let file = FileManager.default.contents(atPath: path),
      let kept = try? JSONDecoder().decode(Kept.self, from: file), kept.key == key
    {
      return kept.study
    }
    let meter = ProgressMeter(title, unit: "runs", total: plan.runCount)
    let z = (sharesBackbone ? store : .none).latents(
      of: images, backbone: model.backbone, normalisation: model.description.normalisation)
    let study = try StudyMeasurement(
      model, digest: digest, latents: z, labels: images.labels, plan: plan, progress: { meter.update(done: $0) },
      isInterrupted: isInterrupted
    ).study
    meter.clear()
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw TrainingError.unwritable(path: folder, reason: (error as NSError).localizedDescription)
    }
    try storeFile(String(decoding: encoder.encode(Kept(key: key, study: study)), as: UTF8.self), at: path)
    return study
  }
}
