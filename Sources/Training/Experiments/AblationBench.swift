import Datasets
import Foundation
import MixtureOfExperts

/// Trains one network's variants and measures them.
struct AblationBench {
  private let network: Ablation.Configuration.Network
  /// Whose backbone and experts are kept; nil: both stages are trained.
  private let model: MixtureModel?
  private let trainer: TrainedModels
  private let test: ImageSet
  private let surroundings: Surroundings

  init(_ network: Ablation.Configuration.Network, model: MixtureModel?, in surroundings: Surroundings) throws {
    self.network = network
    self.model = model
    let training = try surroundings.images(
      network.dataset, .training, classNames: model?.description.classLabels)
    test = try surroundings.images(network.dataset, .test, classNames: training.classNames)
    trainer = TrainedModels(
      data: try TrainingData(training), dataset: network.dataset, in: surroundings)
    self.surroundings = surroundings
  }

  /// The recipe's own model is looked at in every way that some line needs, all others in their own only.
  private func plan(of variant: Ablation.Configuration.Variant?) -> StudyPlan {
    guard let variant, variant.changes != nil else { return network.plan }
    var plan = network.plan
    for place in plan.conditions.indices {
      plan.conditions[place].gates = [variant.gate ?? .channelAware]
      plan.conditions[place].topK = [variant.topK ?? 1]
    }
    return plan
  }

  /// All questions' answers.
  func network(seeds: [UInt64]) throws -> Ablation.Network {
    var result = Ablation.Network(
      name: network.name, dataset: network.dataset, recipe: try network.recipe(of: nil).name,
      model: model?.description.name, plan: network.plan, validationImages: trainer.data.validation.count,
      testImages: test.count, questions: [])
    for question in network.questions {
      let rows =
        [try row(question.standard, of: nil, seeds: seeds)]
        + (try question.variants.map { try row($0.name, of: $0, seeds: seeds) })
      result.questions.append(Ablation.Question(title: question.title, rows: rows))
    }
    return result
  }

  private func row(
    _ name: String, of variant: Ablation.Configuration.Variant?, seeds: [UInt64]
  ) throws -> Ablation.Row {
    let studies = KeptStudies(plan(of: variant), in: surroundings)
    var (seconds, validation, onTest): ([Double], [Study], [Study]) = ([], [], [])
    for seed in seeds {
      var recipe = try network.recipe(of: variant)
      (recipe.stage1.seed, recipe.stage2.seed) = (seed, seed)
      let title = "\(network.name), \(name), seed \(seed)"
      let trained = try model.map { try trainer.gates(recipe, of: $0, title) } ?? trainer.model(recipe, title)
      seconds.append(trained.seconds)
      let isShared = model != nil
      validation.append(
        try studies.study(
          trained.model, on: trainer.data.validation, "\(title), validation", sharesBackbone: isShared))
      onTest.append(try studies.study(trained.model, on: test, "\(title), test", sharesBackbone: isShared))
    }
    let (gate, topK) = (variant?.gate ?? .channelAware, variant?.topK ?? 1)
    func figures(_ studies: [Study]) -> Ablation.Figures {
      Ablation.Figures(
        base: studies.map(\.clean.baseAccuracy),
        cells: network.plan.conditions.flatMap { condition in
          condition.links.map { link in
            Ablation.Figures.Cell(
              law: condition.law.name, link: link,
              accuracies: studies.compactMap {
                $0.row(gate, over: link, topK: topK, under: condition.law)?.accuracy.mean
              })
          }
        })
    }
    return Ablation.Row(
      name: name, gate: gate, topK: topK, seconds: seconds, validation: figures(validation), test: figures(onTest))
  }
}
