package import Datasets
import Digests
import Foundation
import MixtureOfExperts
import Radio

/// One gate, as it was trained, under many laws of the links: the paper says (eq. 8) that the ideal gate does not depend on the law.
package struct Laws: NetworkExperiment {
  package struct Configuration: NetworkExperimentConfiguration {
    package struct Network: NamedNetwork, Codable, Sendable {
      package var name: String
      package var dataset: DatasetKind
      /// The model's name.
      package var bundle: String
    }

    package var title: String
    package var channelSeeds: [UInt64]
    package var links: [StudyLink]
    package var laws: [Law]
    package var networks: [Network]

    package var firstViolation: String? {
      if Set(laws.map(\.name)).count < laws.count { return "laws: expected each once" }
      return plan.firstViolation(under: "plan")
        ?? laws.enumerated().lazy.compactMap { $1.firstViolation(under: "laws.\($0)") }.first
    }

    var plan: StudyPlan {
      StudyPlan(
        channelSeeds: channelSeeds,
        conditions: laws.map { .init(law: $0, links: links, gates: [.channelAware] + Study.rivals) })
    }
  }

  package struct Network: MeasuredNetwork, Codable, Sendable {
    package var name: String
    package var dataset: DatasetKind
    package var bundle: String
    package var study: Study

    package var measuredModels: [String] { [bundle] }
  }

  package var name: String { "laws" }
  package var title: String
  package var command: String
  package var plan: StudyPlan
  /// Of how many first test images; nil: of all.
  package var limit: Int?
  /// Those whose models are there.
  package var networks: [Network]

  package init(_ configuration: Configuration, in surroundings: Surroundings) throws {
    title = configuration.title
    command = surroundings.command
    plan = configuration.plan
    limit = surroundings.limit
    networks = []
    for network in configuration.networks {
      guard let folder = surroundings.bundle(network.bundle) else { continue }
      networks.append(
        Network(
          name: network.name, dataset: network.dataset, bundle: network.bundle,
          study: try Self.study(of: folder, network.dataset, plan, in: surroundings)))
    }
  }

  /// Law by law, each kept, so that a measurement that was interrupted goes on with the law that it was at.
  private static func study(
    of folder: String, _ dataset: DatasetKind, _ plan: StudyPlan, in surroundings: Surroundings
  ) throws -> Study {
    let bundle = try ModelBundle(folder: folder)
    let model = try ModelBundle.loadAll(folder)
    let images = try surroundings.testImages(dataset, of: model)
    let studies = try plan.conditions.map { condition in
      try KeptStudies(StudyPlan(channelSeeds: plan.channelSeeds, conditions: [condition]), in: surroundings).study(
        model, on: images, "\(model.description.name), \(condition.law.name)", sharesBackbone: true)
    }
    var whole = studies[0]
    whole.modelDigest = bundle.digest.hex
    whole.rows = studies.flatMap(\.rows)
    whole.comparisons = studies.flatMap(\.comparisons)
    return whole
  }

  package var csv: String {
    let rows = networks.flatMap { network in network.study.csvRows.map { "\(network.name),\(network.bundle),\($0)" } }
    return (["network,model,\(Study.csvHead)"] + rows).joined(separator: "\n") + "\n"
  }
}

extension Study {
  /// The channel-aware gate against the better of its rivals: which one that is, and by how much it is beaten.
  package func leadOverRivals(over link: StudyLink, under law: Law) -> (rival: String, difference: Interval)? {
    Self.rivals.compactMap { rival in
      comparison(with: rival.rawValue, over: link, under: law).map { (rival.rawValue, $0) }
    }.min { $0.1.mean < $1.1.mean }
  }
}
