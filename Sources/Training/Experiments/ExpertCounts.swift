package import Datasets
import Digests
import Foundation
import MixtureOfExperts

/// Fig. 6 of the paper: what gates reach by the number of experts. Experts and gates are trained for every number on one
/// backbone, which is kept, or trained on from where it is.
package struct ExpertCounts: Experiment {
  package struct Configuration: StrictFile {
    package var title: String
    package var dataset: DatasetKind
    /// By which experts and gates are trained for every number of experts, a path; whether the backbone is kept is its choice.
    package var recipe: String
    /// Fields that take the place of the recipe's.
    package var changes: RecipeChanges?
    /// The model whose backbone it is.
    package var backboneOf: String
    package var expertCounts: [Int]
    /// Of training; experts and gates are trained with each.
    package var seeds: [UInt64]
    package var plan: StudyPlan

    package var firstViolation: String? {
      if expertCounts.isEmpty { return "expertCounts: expected some, received none" }
      if Set(expertCounts).count < expertCounts.count { return "expertCounts: expected each once" }
      if seeds.isEmpty { return "seeds: expected some, received none" }
      if Set(seeds).count < seeds.count { return "seeds: expected each once" }
      return expertCounts.lazy.compactMap { violation("expertCounts", $0, 1...ExpertSet.capacity) }.first
        ?? plan.firstViolation(under: "plan")
    }
  }

  /// Everything of one number of experts.
  package struct Point: Codable, Sendable {
    package var expertCount: Int
    /// On the test images, one a training seed.
    package var studies: [Study]
    /// Time of the epochs of both stages, one a training seed.
    package var seconds: [Double]
  }

  package var name: String { "fig6" }
  package var title: String
  package var command: String
  package var dataset: DatasetKind
  package var recipe: String
  /// The name and the digest of the weights of the model whose backbone all have.
  package var backboneOf: String
  package var backboneDigest: String
  /// Epochs in which the backbone was trained on; nil if it was kept.
  package var fineTuningEpochs: Int?
  package var seeds: [UInt64]
  package var plan: StudyPlan
  package var points: [Point]

  private enum CodingKeys: String, CodingKey {
    case title, command, dataset, recipe, backboneOf, backboneDigest, fineTuningEpochs, seeds, plan, points
  }

  /// Trains and measures every number of experts; what is finished is not done again, and a training that was interrupted
  /// goes on where it was.
  ///
  /// - Throws: `interrupted`, among others.
  package init(_ configuration: Configuration, in surroundings: Surroundings) throws {
    let original = try Recipe(path: configuration.recipe, changes: configuration.changes)
    let recipes = configuration.expertCounts.map { count in
      var recipe = original
      recipe.expertCount = count
      return recipe
    }
    if let wrong = recipes.lazy.compactMap(\.firstViolation).first {
      throw TrainingError.file(path: configuration.recipe, reason: wrong)
    }
    let source = try ModelBundle.loadAll(surroundings.requiredBundle(configuration.backboneOf))
    try Self.check(configuration.seeds, against: source.description)
    title = configuration.title
    command = surroundings.command
    dataset = configuration.dataset
    recipe = original.name
    backboneOf = source.description.name
    backboneDigest = source.description.weightsDigest.hex
    fineTuningEpochs = original.stage1.frozenBackboneViews == nil ? original.stage1.epochs : nil
    seeds = configuration.seeds
    plan = configuration.plan
    points = []
    let keepsBackbone = fineTuningEpochs == nil
    let images = try surroundings.images(dataset, .training, classNames: source.description.classLabels)
    let test = try surroundings.images(dataset, .test, classNames: source.description.classLabels)
    let models = TrainedModels(
      data: try TrainingData(images), dataset: dataset, in: surroundings)
    let studies = KeptStudies(plan, in: surroundings)
    for var recipe in recipes {
      var point = Point(expertCount: recipe.expertCount, studies: [], seconds: [])
      for seed in seeds {
        (recipe.stage1.seed, recipe.stage2.seed) = (seed, seed)
        let title = "\(recipe.expertCount) experts, seed \(seed)"
        let trained = try models.model(recipe, title, backboneOf: source)
        point.studies.append(try studies.study(trained.model, on: test, title, sharesBackbone: keepsBackbone))
        point.seconds.append(trained.seconds)
      }
      points.append(point)
    }
  }

  /// The backbone of a model fits the experts that its training began with: to begin with the same would favour its own
  /// number of experts.
  private static func check(_ seeds: [UInt64], against source: ModelDescription) throws(TrainingError) {
    guard let own = source.training?.stage1?.seed, seeds.contains(own) else { return }
    throw .mismatch(
      field: "seeds", expected: "others than \(own), from which \(source.name) was trained", received: "\(own)")
  }

  package var csv: String {
    var lines = ["experts,training_seed,base,\(Study.csvHead)"]
    for point in points {
      for (seed, study) in zip(seeds, point.studies) {
        let base = sixDigits(study.clean.baseAccuracy)
        lines += study.csvRows.map { "\(point.expertCount),\(seed),\(base),\($0)" }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension ExpertCounts.Point {
  /// Per cent right on ideal links by stage 1's gate, of each training seed.
  var base: [Double] { studies.map(\.clean.baseAccuracy) }

  /// Of each training seed, the mean over its channel seeds.
  func accuracies(_ gate: EvaluatedGate, over link: StudyLink, under law: Law) -> [Double] {
    studies.compactMap { $0.row(gate, over: link, under: law)?.accuracy.mean }
  }

  /// Per cent of the images whose latents arrived as they were sent, over all training seeds.
  func delivered(_ gate: EvaluatedGate, over link: StudyLink, under law: Law) -> Double {
    studies.compactMap { $0.row(gate, over: link, under: law)?.delivered }.mean
  }

  /// By how much the channel-aware gate is better than something else, over all training seeds.
  func lead(over rival: String, _ link: StudyLink, under law: Law) -> Interval? {
    Interval(meanOf: studies.compactMap { $0.comparison(with: rival, over: link, under: law) })
  }
}
