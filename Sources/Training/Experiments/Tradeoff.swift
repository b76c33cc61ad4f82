package import Datasets
import Foundation
import MixtureOfExperts

/// Specialisation against substitutability: one network trained by many recipes, what its gates then reach over links.
///
/// Judged on the validation images; the test images are shown of one variant only, the one that was chosen.
package struct Tradeoff: Experiment {
  package struct Configuration: StrictFile {
    package var title: String
    package var dataset: DatasetKind
    /// Of training; each variant is trained with each.
    package var seeds: [UInt64]
    package var epochs: Epochs
    package var plan: StudyPlan
    package var variants: [Variant]
    /// The variant whose test figures are shown; absent: none yet.
    package var chosen: String?

    package var firstViolation: String? {
      if seeds.isEmpty { return "seeds: expected some, received none" }
      if Set(variants.map(\.name)).count < variants.count { return "variants: expected each name once" }
      if let bad = variants.first(where: { $0.name.isEmpty || $0.name.contains("/") }) {
        return "variants: expected names without a slash, received \"\(bad.name)\""
      }
      if let chosen, !variants.contains(where: { $0.name == chosen }) {
        return "chosen: expected the name of a variant, received \(chosen)"
      }
      return violation("epochs.stage1", epochs.stage1, 1...100_000)
        ?? violation("epochs.stage2", epochs.stage2, 1...100_000) ?? plan.firstViolation(under: "plan")
        ?? variants.lazy.compactMap { variant in
          variant.meanExpertWeight.flatMap { violation("\(variant.name).meanExpertWeight", $0, 0...1_000) }
            ?? variant.downShare.flatMap { violation("\(variant.name).downShare", $0, 0...0.99) }
        }.first
    }
  }

  /// The same for every variant.
  package struct Epochs: Codable, Hashable, Sendable {
    package var stage1: Int
    package var stage2: Int
  }

  package struct Variant: Codable, Hashable, Sendable {
    package var name: String
    /// What it varies, a path.
    package var recipe: String
    /// b of stage 1, instead of the recipe's.
    package var meanExpertWeight: Float?
    /// Of stage 1, instead of the recipe's.
    package var downShare: Double?

    func recipe(seed: UInt64, epochs: Epochs) throws(TrainingError) -> Recipe {
      var recipe = try Recipe(path: recipe)
      recipe.stage1.meanExpertWeight = meanExpertWeight ?? recipe.stage1.meanExpertWeight
      recipe.stage1.downShare = downShare ?? recipe.stage1.downShare
      (recipe.stage1.seed, recipe.stage2.seed) = (seed, seed)
      (recipe.stage1.epochs, recipe.stage2.epochs) = (epochs.stage1, epochs.stage2)
      return recipe
    }
  }

  package struct Result: Codable, Sendable {
    package var variant: Variant
    /// On the validation images, one a training seed.
    package var validation: [Study]
    /// Of the chosen variant only.
    package var test: [Study]?
  }

  package var name: String { "tradeoff" }
  package var title: String
  package var command: String
  package var dataset: DatasetKind
  package var seeds: [UInt64]
  package var epochs: Epochs
  package var plan: StudyPlan
  package var results: [Result]
  package var chosen: String?

  private enum CodingKeys: String, CodingKey {
    case title, command, dataset, seeds, epochs, plan, results, chosen
  }

  /// Trains and measures every variant, each training in a folder of its own under the runs; what is finished is not
  /// done again, and a training that was interrupted goes on where it was.
  ///
  /// - Throws: `interrupted`, among others.
  package init(_ configuration: Configuration, in surroundings: Surroundings) throws {
    title = configuration.title
    command = surroundings.command
    dataset = configuration.dataset
    seeds = configuration.seeds
    epochs = configuration.epochs
    plan = configuration.plan
    chosen = configuration.chosen
    results = []
    // A wrong recipe is told before the first of many hours.
    for variant in configuration.variants {
      if let wrong = try variant.recipe(seed: 0, epochs: epochs).firstViolation {
        throw TrainingError.file(path: variant.recipe, reason: wrong)
      }
    }
    let images = try surroundings.images(dataset, .training)
    let models = TrainedModels(
      data: try TrainingData(images), dataset: dataset, in: surroundings)
    let test = try chosen == nil ? nil : surroundings.images(dataset, .test, classNames: images.classNames)
    let studies = KeptStudies(plan, in: surroundings)
    for variant in configuration.variants {
      var result = Result(variant: variant, validation: [], test: variant.name == chosen ? [] : nil)
      for seed in seeds {
        let recipe = try variant.recipe(seed: seed, epochs: epochs)
        let title = "\(variant.name), seed \(seed)"
        let model = try models.model(recipe, title).model
        result.validation.append(
          try studies.study(model, on: models.data.validation, "\(title), validation", sharesBackbone: false))
        if variant.name == chosen, let test {
          result.test?.append(try studies.study(model, on: test, "\(title), test", sharesBackbone: false))
        }
      }
      results.append(result)
    }
  }
}
