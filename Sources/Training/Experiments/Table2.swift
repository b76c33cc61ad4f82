package import Datasets
import Foundation
import MixtureOfExperts
import Radio

/// Table II of the paper, with the models that are here beside it: what gates reach over links, network by network.
package struct Table2: NetworkExperiment {
  package struct Configuration: NetworkExperimentConfiguration {
    package struct Network: NamedNetwork, Codable, Sendable {
      package var name: String
      package var dataset: DatasetKind
      package var published: PublishedFigures
      package var models: [Column]
      /// The recipe among `models` whose best-SNR the others' channel-aware gates are compared with.
      package var baseline: String?
    }

    package struct Column: Codable, Sendable {
      package var recipe: String
      /// The model's name.
      package var bundle: String
    }

    package var title: String
    package var plan: StudyPlan
    package var networks: [Network]

    package var firstViolation: String? {
      plan.firstViolation(under: "plan")
        ?? networks.enumerated().lazy.compactMap { place, network in
          let recipes = network.models.map(\.recipe)
          if Set(recipes).count < recipes.count { return "networks.\(place).models: expected each recipe once" }
          if let baseline = network.baseline, !recipes.contains(baseline) {
            return "networks.\(place).baseline: expected one of the models' recipes, received \(baseline)"
          }
          return network.published.firstViolation(under: "networks.\(place).published")
        }.first
    }
  }

  package struct Network: MeasuredNetwork, Codable, Sendable {
    package var name: String
    package var dataset: DatasetKind
    package var published: PublishedFigures
    package var columns: [Column]
    package var baseline: String?

    package var measuredModels: [String] { columns.filter { $0.study != nil }.map(\.bundle) }
  }

  package struct Column: Codable, Sendable {
    package var recipe: String
    package var bundle: String
    /// Nil where the model was not there.
    package var study: Study?
  }

  package var name: String { "table2" }
  package var title: String
  package var command: String
  package var plan: StudyPlan
  /// Of how many first test images; nil: of all.
  package var limit: Int?
  package var networks: [Network]

  package init(_ configuration: Configuration, in surroundings: Surroundings) throws {
    title = configuration.title
    command = surroundings.command
    plan = configuration.plan
    limit = surroundings.limit
    networks = []
    for network in configuration.networks {
      var measured: [String: StudyMeasurement] = [:]
      for column in network.models {
        guard let folder = surroundings.bundle(column.bundle) else { continue }
        measured[column.recipe] = try surroundings.measure(folder, network.dataset, configuration.plan)
      }
      if let baseline = network.baseline, let rival = measured[baseline] {
        for recipe in measured.keys where recipe != baseline {
          measured[recipe]?.compare(with: rival, named: Self.rivalName(baseline))
        }
      }
      networks.append(
        Network(
          name: network.name, dataset: network.dataset, published: network.published,
          columns: network.models.map { column in
            Column(recipe: column.recipe, bundle: column.bundle, study: measured[column.recipe]?.study)
          }, baseline: network.baseline))
    }
  }

  static func rivalName(_ recipe: String) -> String { "best-snr of \(recipe)" }

  package var csv: String {
    let rows = networks.flatMap { network in
      network.columns.flatMap { column in
        (column.study?.csvRows ?? []).map { "\(network.name),\(column.recipe),\(column.bundle),\($0)" }
      }
    }
    return (["network,recipe,model,\(Study.csvHead)"] + rows).joined(separator: "\n") + "\n"
  }
}
