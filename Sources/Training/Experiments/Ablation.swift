package import Datasets
import Foundation
import MixtureOfExperts

/// What each choice of a recipe is worth: one field or two changed at a time, all else as it is.
///
/// Every variant is measured on the validation images, by which the best one is named, and on the test images, which are shown.
package struct Ablation: Experiment {
  package struct Configuration: StrictFile {
    package struct Network: Codable, Sendable {
      /// For people: `LeNet-5`.
      package var name: String
      package var dataset: DatasetKind
      /// What is varied, a path.
      package var recipe: String
      /// Fields that take the place of the recipe's in all variants.
      package var changes: RecipeChanges?
      /// The model whose backbone and experts all variants keep, so that stage 2 alone is varied; absent: both stages are.
      package var model: String?
      package var plan: StudyPlan
      package var questions: [Question]
    }

    package struct Question: Codable, Sendable {
      package var title: String
      /// The recipe's own answer, for people.
      package var standard: String
      package var variants: [Variant]
    }

    package struct Variant: Codable, Sendable {
      package var name: String
      /// Absent: the recipe's model, looked at in another way.
      package var changes: RecipeChanges?
      /// Whose choices are followed; absent: the channel-aware gate's.
      package var gate: EvaluatedGate?
      /// Experts an image is sent to; absent: 1.
      package var topK: Int?
    }

    package var title: String
    /// Of training; every variant is trained with each.
    package var seeds: [UInt64]
    package var networks: [Network]

    package var firstViolation: String? {
      if seeds.isEmpty { return "seeds: expected some, received none" }
      if Set(seeds).count < seeds.count { return "seeds: expected each once" }
      if networks.isEmpty { return "networks: expected some, received none" }
      return networks.enumerated().lazy.compactMap { place, network in
        Self.violation(of: network, under: "networks.\(place)")
      }.first
    }

    private static func violation(of network: Network, under name: String) -> String? {
      if let wrong = network.plan.firstViolation(under: "\(name).plan") { return wrong }
      for (place, question) in network.questions.enumerated() {
        let field = "\(name).questions.\(place)"
        let names = [question.standard] + question.variants.map(\.name)
        if Set(names).count < names.count { return "\(field): expected each name once" }
        for (number, variant) in question.variants.enumerated() {
          let (gate, topK) = (variant.gate ?? .channelAware, variant.topK ?? 1)
          let isMeasured = network.plan.conditions.allSatisfy { $0.arms.contains { $0 == (gate, topK) } }
          if !isMeasured {
            return "\(field).variants.\(number): expected a gate and topK of all of the plan's conditions, received "
              + "\(gate.rawValue), \(topK)"
          }
        }
      }
      let hasStandard = network.plan.conditions.allSatisfy { $0.arms.contains { $0 == (.channelAware, 1) } }
      return hasStandard ? nil : "\(name).plan: expected the channel-aware gate with topK 1 in all conditions"
    }
  }

  package struct Network: Codable, Sendable {
    package var name: String
    package var dataset: DatasetKind
    package var recipe: String
    /// The model whose stage 1 all variants share.
    package var model: String?
    package var plan: StudyPlan
    package var validationImages: Int
    package var testImages: Int
    package var questions: [Question]
  }

  package struct Question: Codable, Sendable {
    package var title: String
    /// The first is the recipe as it is.
    package var rows: [Row]
  }

  package struct Row: Codable, Sendable {
    package var name: String
    package var gate: EvaluatedGate
    package var topK: Int
    /// Time of the trainings' epochs, one a training seed; of stage 2 alone where stage 1 is shared.
    package var seconds: [Double]
    package var validation: Figures
    package var test: Figures
  }

  /// Per cent right, one a training seed.
  package struct Figures: Codable, Sendable {
    /// On ideal links, by stage 1's gate.
    package var base: [Double]
    package var cells: [Cell]

    /// One kind of link under one law.
    package struct Cell: Codable, Sendable {
      package var law: String
      package var link: StudyLink
      /// Means over the channel seeds.
      package var accuracies: [Double]
    }
  }

  package var name: String { "ablation" }
  package var title: String
  package var command: String
  package var seeds: [UInt64]
  package var networks: [Network]
  /// Names of networks whose models were not there.
  package var missing: [String]

  private enum CodingKeys: String, CodingKey { case title, command, seeds, networks, missing }

  /// Trains and measures every variant; what is finished is not done again, and a training that was interrupted goes on
  /// where it was.
  ///
  /// - Throws: `interrupted`, among others.
  package init(_ configuration: Configuration, in surroundings: Surroundings) throws {
    title = configuration.title
    command = surroundings.command
    seeds = configuration.seeds
    networks = []
    missing = []
    // A wrong recipe is told before the first of many hours.
    for network in configuration.networks {
      _ = try network.recipe(of: nil)
      for variant in network.questions.flatMap(\.variants) { _ = try network.recipe(of: variant) }
    }
    for network in configuration.networks {
      let folder = network.model.map(surroundings.bundle)
      if case .some(nil) = folder {
        missing.append(network.name)
        continue
      }
      let bench = try AblationBench(network, model: (folder ?? nil).map(ModelBundle.loadAll), in: surroundings)
      networks.append(try bench.network(seeds: seeds))
    }
  }
}

extension Ablation.Configuration.Network {
  /// The recipe that a variant is trained by; of nil the network's own.
  ///
  /// - Throws: `file` if it is none, or changes what is not done again where a model is kept.
  package func recipe(of variant: Ablation.Configuration.Variant?) throws(TrainingError) -> Recipe {
    let changed = try Recipe(path: recipe, changes: (changes ?? .none).merging(variant?.changes ?? .none))
    guard let model else { return changed }
    var seen = try Recipe(path: recipe)
    seen.stage2 = changed.stage2
    // Stage 2 shows its gates augmented images as stage 1 did.
    if changed.stage2.augmentedViews > 0 { seen.stage1.augmentation = changed.stage1.augmentation }
    guard seen == changed else {
      let field = seen.firstField(differingFrom: changed) ?? "changes"
      throw .file(
        path: recipe, reason: "\(field): expected the recipe's own, for what stage 1 made of \(model) is kept")
    }
    return changed
  }
}
