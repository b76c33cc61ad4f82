import Datasets
import Digests
import Foundation
import MixtureOfExperts
import Radio
import Tensors
import Testing
import Training

/// The models under Models/ do what Results/ says of them.
@Suite(
  .enabled(
    if: ProcessInfo.processInfo.environment["MOE_DATA"] != nil,
    "set MOE_DATA to the folder of cifar-10-batches-bin and cifar-100-binary to check the shipped models' accuracy"))
struct ShippedModelsTests {
  private static let law = Law(meanDB: 30, stdDB: 50)
  /// Percentage points: other processors round differently, and a few close calls among 10,000 images tip over.
  private static let tolerance = 0.3

  /// Larger backbones than LeNet-5 take too long for the portable kernels.
  private static let names = shippedModels.filter { Kernels.current.name == "onednn" || $0.hasPrefix("lenet5-") }

  @Test(arguments: names) func `a shipped model has the accuracies that are recorded of it`(name: String) throws {
    let data = try #require(ProcessInfo.processInfo.environment["MOE_DATA"])
    let network = try Self.network(of: name)
    let images = try ImageSet.load(network.dataset, .test, in: data)
    let folder = "\(projectRoot)/Models/\(name)"
    let model = try ModelBundle.loadAll(folder)
    let study = try Self.study(name)
    #expect(try study.modelDigest == ModelBundle(folder: folder).digest.hex, "Results/ is of another model")

    let links: [StudyLink] = [.analog, .digital(.redispatch), .digital(.erasure), .digital(.raw)]
    let plan = StudyPlan(
      channelSeeds: [study.channelSeeds[0]],
      conditions: [.init(law: Self.law, links: links, gates: [.channelAware])])
    let latents = Latents.of(images, backbone: model.backbone, normalisation: model.description.normalisation)
    let again = try StudyMeasurement(
      model, digest: study.modelDigest, latents: latents, labels: images.labels, plan: plan
    ).study
    #expect(abs(again.clean.baseAccuracy - study.clean.baseAccuracy) < Self.tolerance)
    for link in links {
      let (now, recorded) = (
        try #require(again.row(.channelAware, over: link, under: Self.law)),
        try #require(study.row(.channelAware, over: link, under: Self.law))
      )
      #expect(abs(now.accuracies[0] - recorded.accuracies[0]) < Self.tolerance, "\(link.rawValue)")
    }
  }

  @Test func `the robust model loses little to the air, and less than without a look at features or links`() throws {
    let study = try Self.study("lenet5-cifar10-k8-robust")
    #expect(study.clean.baseAccuracy >= 72)
    for (link, loss) in [(StudyLink.analog, 1.5), (.digital(.raw), 2), (.digital(.erasure), 2)] {
      func difference(to other: String) throws -> Interval {
        try #require(study.comparison(with: other, over: link, under: Self.law))
      }
      #expect(try difference(to: Study.baseOnIdealLinks).mean > -loss, "\(link)")
      #expect(try difference(to: "best-snr").low > 0, "\(link)")
      #expect(try difference(to: "naive").mean > 10, "\(link)")
    }
  }

  private static func network(of name: String) throws -> Table2.Network {
    let table = try #require(try Table2.read("table2", under: projectRoot))
    return try #require(table.networks.first { $0.columns.contains { $0.bundle == name } })
  }

  private static func study(_ name: String) throws -> Study {
    try #require(try network(of: name).columns.first { $0.bundle == name }?.study)
  }
}

/// What Results/ says is of the models under Models/.
@Suite struct ShippedResultsTests {
  @Test func `the laws' figures are of the shipped models`() throws {
    let laws = try #require(try Laws.read("laws", under: projectRoot))
    for network in laws.networks where shippedModels.contains(network.bundle) {
      let bundle = try ModelBundle(folder: "\(projectRoot)/Models/\(network.bundle)")
      #expect(network.study.modelDigest == bundle.digest.hex, "\(network.name)")
    }
  }

  @Test(arguments: ["fig3", "fig4", "fig5"]) func `a figure's gates were trained on the shipped models`(name: String)
    throws
  {
    for panel in try GateCurves.read(name, under: projectRoot)?.panels ?? [] where shippedModels.contains(panel.model) {
      let bundle = try ModelBundle(folder: "\(projectRoot)/Models/\(panel.model)")
      #expect(panel.weightsDigest == bundle.description.weightsDigest.hex, "\(panel.model)")
    }
  }
}
