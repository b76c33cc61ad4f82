package import Datasets
import Digests
import Foundation
import MixtureOfExperts
import Radio

/// Table II of the paper, with the models that are here beside it: what gates reach over links, network by network.
package struct Table2: Experiment {
  package struct Configuration: StrictFile {
    package struct Network: Codable, Sendable {
      /// For people: `LeNet-5`.
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

  package struct Network: Codable, Sendable {
    package var name: String
    package var dataset: DatasetKind
    package var published: PublishedFigures
    package var columns: [Column]
    package var baseline: String?
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
  package var networks: [Network]

  /// Measures every model that is there.
  package init(_ configuration: Configuration, in surroundings: Surroundings) throws {
    title = configuration.title
    command = surroundings.command
    plan = configuration.plan
    networks = []
    for network in configuration.networks {
      var measured: [String: StudyMeasurement] = [:]
      for column in network.models {
        guard let folder = surroundings.bundle(column.bundle) else { continue }
        measured[column.recipe] = try Self.measure(folder, network.dataset, configuration.plan, surroundings)
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

  private static func measure(
    _ folder: String, _ dataset: DatasetKind, _ plan: StudyPlan, _ surroundings: Surroundings
  ) throws -> StudyMeasurement {
    let model = try ModelBundle.loadAll(folder)
    let images = try surroundings.images(dataset, .test, classNames: model.description.classLabels)
    let meter = ProgressMeter(model.description.name, unit: "runs", total: plan.runCount)
    let z = Latents.of(images, backbone: model.backbone, normalisation: model.description.normalisation)
    let measurement = try StudyMeasurement(
      model, digest: ModelBundle(folder: folder).digest.hex, latents: z, labels: images.labels, plan: plan,
      progress: { meter.update(done: $0) })
    meter.clear()
    return measurement
  }

  package var csv: String {
    var lines = [
      "network,recipe,model,law,link,gate,top_k,accuracy,low_95,high_95,seed_accuracies,delivered,transmissions,airtime_us"
    ]
    for network in networks {
      for column in network.columns {
        for row in column.study?.rows ?? [] {
          let numbers = [row.accuracy.mean, row.accuracy.low, row.accuracy.high].map(sixDigits)
          let radio = row.radioPerImage
          lines.append(
            [
              network.name, column.recipe, column.bundle, "\"\(row.law)\"", row.link.rawValue, row.gate.rawValue,
              "\(row.topK)", numbers.joined(separator: ","),
              row.accuracies.map(sixDigits).joined(separator: " "), sixDigits(row.delivered),
              sixDigits(radio.transmissions), sixDigits(radio.airtime),
            ].joined(separator: ","))
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
