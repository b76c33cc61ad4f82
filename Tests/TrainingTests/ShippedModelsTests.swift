import Datasets
import Digests
import Foundation
import MixtureOfExperts
import Radio
import Testing
import Training

/// The models under Models/ do what Results/ says of them.
@Suite(
  .enabled(
    if: ProcessInfo.processInfo.environment["MOE_DATA"] != nil,
    "set MOE_DATA to the folder of cifar-10-batches-bin to check the shipped models' accuracy"))
struct ShippedModelsTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  /// Percentage points: other processors round differently, and a few close calls among 10,000 images tip over.
  private static let tolerance = 0.3

  @Test(arguments: ["lenet5-cifar10-k8-robust", "lenet5-cifar10-k8-paper"])
  func `a shipped model has the accuracies that are recorded of it`(name: String) throws {
    let data = try #require(ProcessInfo.processInfo.environment["MOE_DATA"])
    let images = try ImageSet.load(.cifar10, .test, in: data)
    let folder = Self.root.appendingPathComponent("Models/\(name)").path
    let model = try ModelBundle.loadAll(folder)
    let report = try JSONDecoder().decode(
      StudyReport.self, from: Data(contentsOf: Self.root.appendingPathComponent("Results/lenet5.json")))
    let study = try #require(report.studies.first { $0.model == name })
    #expect(try study.modelDigest == ModelBundle(folder: folder).digest.hex, "Results/ is of another model")

    let base = try Evaluation(model, EvaluationSettings(policy: .base, link: .ideal), images: images)
    #expect(abs(100 * base.accuracy - study.clean.baseAccuracy) < Self.tolerance)

    let row = try #require(study.rows.first { $0.link == "analog" && $0.gate == "channel-aware" && $0.topK == 1 })
    var settings = EvaluationSettings()
    settings.configuration.seed = study.seeds[0]
    let aware = try Evaluation(model, settings, images: images)
    #expect(abs(100 * aware.accuracy - row.accuracies[0]) < Self.tolerance)
  }
}
