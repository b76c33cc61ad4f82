package import Datasets
import Foundation
package import MixtureOfExperts
import Radio

/// Experts of different sizes, as the paper's devices are: accuracy against what they compute, beside mixtures of equal experts.
package struct Heterogeneous: Experiment {
  package struct Configuration: StrictFile {
    package var title: String
    package var dataset: DatasetKind
    /// Of training; every mixture is trained with each.
    package var seeds: [UInt64]
    package var law: Law
    package var links: [StudyLink]
    package var channelSeeds: [UInt64]
    /// Of ``ComputePrice``, for mixtures whose experts differ.
    package var prices: [Float]
    /// The first is what the others are compared with.
    package var variants: [Variant]

    package var firstViolation: String? {
      if seeds.isEmpty { return "seeds: expected some, received none" }
      if channelSeeds.isEmpty { return "channelSeeds: expected some, received none" }
      if links.isEmpty || links.contains(.ideal) { return "links: expected some, and none that are ideal" }
      if variants.isEmpty { return "variants: expected some, received none" }
      if Set(variants.map(\.name)).count < variants.count { return "variants: expected each name once" }
      if prices.first != 0 {
        return "prices: expected 0 as the first, received \(prices.first.map { "\($0)" } ?? "none")"
      }
      return law.firstViolation(under: "law") ?? prices.lazy.compactMap { violation("prices", $0, 0...1e6) }.first
    }
  }

  package struct Variant: Codable, Hashable, Sendable {
    package var name: String
    /// A path.
    package var recipe: String
    /// Fields that take the place of the recipe's.
    package var changes: RecipeChanges?
  }

  package struct Result: Codable, Sendable {
    package var name: String
    /// The widths of each expert's layers, from the latent to the output. `[K][layers]`
    package var widths: [[Int]]
    /// Of each expert. `[K]`
    package var multiplyAdds: [Int]
    /// One a training seed.
    package var runs: [Run]
  }

  /// One trained mixture on the test images.
  package struct Run: Codable, Sendable {
    package var seed: UInt64
    /// Time of the epochs of both stages.
    package var seconds: Double
    package var clean: CleanFigures
    package var arms: [Arm]
  }

  /// One gate over one kind of link.
  package struct Arm: Codable, Sendable {
    package var link: StudyLink
    package var gate: GatePolicy
    package var price: Float
    /// Per cent right of each channel seed.
    package var accuracies: [Double]
    /// What the experts compute for an image, the mean over images and channel seeds.
    package var multiplyAddsPerImage: Double
    /// The share of the answers that each expert gives. `[K]`
    package var loads: [Double]
    /// Percentage points by which the gate is better than that of the first mixture of the same training seed, at no price.
    package var lead: Interval?
  }

  package var name: String { "heterogeneous" }
  package var title: String
  package var command: String
  package var dataset: DatasetKind
  package var seeds: [UInt64]
  package var law: Law
  package var links: [StudyLink]
  package var channelSeeds: [UInt64]
  package var images: Int
  package var results: [Result]

  private enum CodingKeys: String, CodingKey {
    case title, command, dataset, seeds, law, links, channelSeeds, images, results
  }

  /// Trains and measures every mixture; what is trained is kept, and goes on where it was.
  ///
  /// - Throws: `interrupted`, among others.
  package init(_ configuration: Configuration, in surroundings: Surroundings) throws {
    title = configuration.title
    command = surroundings.command
    dataset = configuration.dataset
    seeds = configuration.seeds
    law = configuration.law
    links = configuration.links
    channelSeeds = configuration.channelSeeds
    results = []
    // A wrong recipe is told before the first of many hours.
    let recipes = try configuration.variants.map { try Recipe(path: $0.recipe, changes: $0.changes) }
    let training = try surroundings.images(dataset, .training)
    let test = try surroundings.images(dataset, .test, classNames: training.classNames)
    images = test.count
    let models = TrainedModels(
      data: try TrainingData(training), dataset: dataset, in: surroundings)
    var first: [UInt64: [StudyLink: SeededRuns]] = [:]
    for (variant, original) in zip(configuration.variants, recipes) {
      var result: Result?
      for seed in seeds {
        var recipe = original
        (recipe.stage1.seed, recipe.stage2.seed) = (seed, seed)
        let trained = try models.model(recipe, "\(variant.name), seed \(seed)")
        let description = trained.model.description
        var bench = try HeterogeneousBench(trained.model, on: test, law: law, channelSeeds: channelSeeds)
        for link in links {
          if surroundings.isInterrupted() { throw TrainingError.interrupted }
          try bench.measure(
            link, prices: Set(description.expertMultiplyAdds).count == 1 ? [0] : configuration.prices,
            against: first[seed]?[link])
        }
        if first[seed] == nil { first[seed] = bench.runs }
        var sum =
          result
          ?? Result(
            name: variant.name, widths: (0..<description.expertCount).map(description.expertWidths),
            multiplyAdds: description.expertMultiplyAdds, runs: [])
        sum.runs.append(Run(seed: seed, seconds: trained.seconds, clean: bench.clean, arms: bench.arms))
        result = sum
      }
      if let result { results.append(result) }
    }
  }
}
