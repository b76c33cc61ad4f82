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

    // Over analog links and, by every decode policy, over digital ones, under the paper's law.
    let policies: [DecodeFailurePolicy?] = [nil, .redispatch, .erasure, .raw]
    for policy in policies {
      let link: LinkKind = policy == nil ? .analog : .digital
      let name = policy?.name
      let row = try #require(
        study.rows.first { row in
          guard row.link == link.name, row.gate == "channel-aware", row.topK == 1 else { return false }
          return row.onDecodeFailure == name
        })
      var settings = EvaluationSettings(link: link)
      if let policy { settings.lossRule.policy = policy }
      settings.configuration.seed = study.seeds[0]
      let aware = try Evaluation(model, settings, images: images)
      #expect(
        abs(100 * aware.accuracy - row.accuracies[0]) < Self.tolerance, "\(row.link), \(name ?? "no policy")")
    }
  }

  @Test func `the robust model loses little to the air, and less than without a look at features or links`() throws {
    let report = try JSONDecoder().decode(
      StudyReport.self, from: Data(contentsOf: Self.root.appendingPathComponent("Results/lenet5.json")))
    let study = try #require(report.studies.first { $0.model == "lenet5-cifar10-k8-robust" })
    let law = study.rows.first { $0.link == "analog" }?.law
    #expect(study.clean.baseAccuracy >= 72)
    for (link, onFailure, loss) in [("analog", nil, 1.5), ("digital", "raw", 2), ("digital", "erasure", 2)] {
      func difference(to other: String) throws -> Interval {
        try #require(
          study.comparisons.first {
            $0.law == law && $0.link == link && $0.onDecodeFailure == onFailure && $0.than == other
          }
        ).difference
      }
      #expect(try difference(to: "base on ideal links").mean > -loss, "\(link)")
      #expect(try difference(to: "best-snr").low > 0, "\(link)")
      #expect(try difference(to: "naive").mean > 10, "\(link)")
    }
  }
}
