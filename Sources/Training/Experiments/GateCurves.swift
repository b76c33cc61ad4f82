package import Datasets
import Digests
import Foundation
import Layers
package import MixtureOfExperts

/// Figs. 3 to 5 of the paper: what gates reach on test images after each epoch of stage 2.
package struct GateCurves: Experiment {
  package struct Configuration: StrictFile {
    package struct Model: Codable, Sendable {
      /// The model's name; its backbone and experts stay as they are.
      package var bundle: String
      /// The recipe by which its gates are trained anew, a path.
      package var recipe: String
    }

    package var name: String
    package var title: String
    package var dataset: DatasetKind
    package var published: PublishedFigures
    package var law: Law
    package var channelSeeds: [UInt64]
    /// Replaces the recipes' numbers of epochs; absent: each recipe's own.
    package var epochs: Int?
    package var models: [Model]

    package var firstViolation: String? {
      if channelSeeds.isEmpty { return "channelSeeds: expected some, received none" }
      if !["fig3", "fig4", "fig5"].contains(name) { return "name: expected fig3, fig4 or fig5, received \(name)" }
      return law.firstViolation(under: "law") ?? published.firstViolation(under: "published")
        ?? epochs.flatMap { violation("epochs", $0, 1...100_000) }
    }
  }

  /// One model's figure.
  package struct Panel: Codable, Sendable {
    package var model: String
    package var recipe: String
    /// Digest of the backbone's and the experts' files.
    package var weightsDigest: String
    package var images: Int
    /// Per cent right on ideal links by stage 1's gate.
    package var base: Double
    package var curves: [Curve]
  }

  package struct Curve: Codable, Sendable {
    package var gate: GateKind
    package var link: StudyLink
    /// Per cent right after each epoch, of each channel seed. `[epochs][seeds]`
    package var accuracies: [[Double]]

    var means: [Double] { accuracies.map { $0.reduce(0, +) / Double(max($0.count, 1)) } }
  }

  static let links: [StudyLink] = [.analog, .digitalOnce]
  static let gates: [GateKind] = [.channelAware, .naive]

  package var name: String
  package var title: String
  package var command: String
  package var published: PublishedFigures
  package var law: Law
  package var channelSeeds: [UInt64]
  package var panels: [Panel]
  /// Names of models that were not there.
  package var missing: [String]

  /// Trains the gates of every model that is there, or goes on where an earlier call was interrupted.
  ///
  /// - Throws: `interrupted`, among others.
  package init(_ configuration: Configuration, in surroundings: Surroundings) throws {
    name = configuration.name
    title = configuration.title
    command = surroundings.command
    published = configuration.published
    law = configuration.law
    channelSeeds = configuration.channelSeeds
    panels = []
    missing = []
    for model in configuration.models {
      guard let folder = surroundings.bundle(model.bundle) else {
        missing.append(model.bundle)
        continue
      }
      panels.append(try Self.panel(model, folder: folder, configuration, in: surroundings))
    }
  }

  /// All that decides a run's curves beside the model and the training images.
  private struct Trace: Codable {
    let stage2: Recipe.Stage2
    /// What the law comes to, scenario and all.
    let links: String
    let channelSeeds: [UInt64]
    let testImages: String
  }

  private static func panel(
    _ choice: Configuration.Model, folder: String, _ configuration: Configuration, in surroundings: Surroundings
  ) throws -> Panel {
    var recipe = try Recipe(path: choice.recipe)
    recipe.stage2.epochs = configuration.epochs ?? recipe.stage2.epochs
    if let wrong = recipe.firstViolation { throw TrainingError.file(path: choice.recipe, reason: wrong) }
    var model = try ModelBundle.loadAll(folder)
    model.gates = model.gates.filter { $0.key == .base }
    guard let base = model.gates[.base] else {
      throw ModelBundleError.noSuchGate(model: choice.bundle, kind: .base, available: [])
    }
    let test = try surroundings.images(configuration.dataset, .test, classNames: model.description.classLabels)
    let data = try TrainingData(surroundings.images(configuration.dataset, .training))
    let stage = try Stage2(recipe, model: model, data: data, latents: surroundings.latents)
    let z = surroundings.latents.latents(
      of: test, backbone: model.backbone, normalisation: model.description.normalisation)
    let draws = try links.flatMap { link in
      try configuration.channelSeeds.map { seed in
        var settings = EvaluationSettings(link: link.kind, configuration: configuration.law.configuration(seed: seed))
        settings.lossRule.policy = link.onDecodeFailure ?? settings.lossRule.policy
        // Of the model as stage 2 makes it: what a gate sees of a link is part of what it learns.
        return try FixedDraws(
          name: drawName(link, seed), stage.model, latents: z, labels: test.labels, settings: settings)
      }
    }
    let trace = Trace(
      stage2: recipe.stage2, links: "\(configuration.law.configuration(seed: 0))",
      channelSeeds: configuration.channelSeeds, testImages: test.digest.hex)
    let fingerprint = try recipe.fingerprint(ofStage2: trace, data: data.digest, model: model.description)
    // A folder of its own for each model and recipe: what was made by others is neither taken nor in the way.
    let run = "\(surroundings.runs)/\(configuration.name)/\(choice.bundle)-\(fingerprint.hex.prefix(8))"
    var traced = TracedStage2(stage, draws: draws)
    let observer = ConsoleObserver(of: traced, isJSON: false)
    let outcome = try TrainingRun(folder: run, fingerprint: fingerprint)(
      &traced, observer: observer, isInterrupted: surroundings.isInterrupted)
    observer.ended()
    if outcome == .interrupted { throw TrainingError.interrupted }
    let metrics = try LearningCurves.read(run + "/" + TrainingRun.metricsFile)
    return Panel(
      model: choice.bundle, recipe: recipe.name, weightsDigest: model.description.weightsDigest.hex,
      images: test.count,
      base: CleanFigures(z: z, labels: test.labels, gate: base, experts: model.experts, head: model.head).baseAccuracy,
      curves: links.flatMap { link in
        gates.map { gate in
          Curve(
            gate: gate, link: link,
            accuracies: metrics.map { figures in
              configuration.channelSeeds.compactMap { figures[TracedStage2.key(gate, over: drawName(link, $0))] }
            })
        }
      })
  }

  private static func drawName(_ link: StudyLink, _ seed: UInt64) -> String { "\(link.rawValue).\(seed)" }

  package var csv: String {
    var lines = ["model,recipe,epoch,gate,link,accuracy,seed_accuracies"]
    for panel in panels {
      for curve in panel.curves {
        for (epoch, seeds) in curve.accuracies.enumerated() {
          let values = seeds.map(sixDigits).joined(separator: " ")
          lines.append(
            "\(panel.model),\(panel.recipe),\(epoch + 1),\(curve.gate.rawValue),\(curve.link.rawValue),"
              + "\(sixDigits(curve.means[epoch])),\(values)")
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
