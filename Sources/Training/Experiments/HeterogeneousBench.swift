import Datasets
import MixtureOfExperts
import Radio
import Tensors

/// Sends one model's test images to its experts by gates that heed what these compute, or do not.
struct HeterogeneousBench {
  private let model: MixtureModel
  private let z: Tensor
  private let labels: [Int]
  private let law: Law
  private let channelSeeds: [UInt64]
  let clean: CleanFigures
  private(set) var arms: [Heterogeneous.Arm] = []
  /// Of the channel-aware gate at no price.
  private(set) var runs: [StudyLink: SeededRuns] = [:]

  init(_ model: MixtureModel, on images: ImageSet, law: Law, channelSeeds: [UInt64]) throws {
    guard let gate = model.gates[.base] else {
      throw ModelBundleError.noSuchGate(model: model.description.name, kind: .base, available: [])
    }
    self.model = model
    self.law = law
    self.channelSeeds = channelSeeds
    labels = images.labels
    z = Latents.of(images, backbone: model.backbone, normalisation: model.description.normalisation)
    clean = CleanFigures(z: z, labels: labels, gate: gate, experts: model.experts, head: model.head)
  }

  mutating func measure(_ link: StudyLink, prices: [Float], against rival: SeededRuns?) throws {
    for price in prices {
      let (arm, right) = try measure(link, .channelAware, price: price, against: rival)
      if price == 0 { runs[link] = right }
      arms.append(arm)
    }
    arms.append(try measure(link, .bestSNR, price: 0, against: nil).arm)
  }

  private func measure(
    _ link: StudyLink, _ gate: GatePolicy, price: Float, against rival: SeededRuns?
  ) throws -> (arm: Heterogeneous.Arm, right: SeededRuns) {
    let evaluations = try channelSeeds.map { seed in
      var settings = EvaluationSettings(
        gate: .policy(gate), link: link.kind, configuration: law.configuration(seed: seed))
      settings.computePrice = ComputePrice(perMillion: price)
      if let policy = link.onDecodeFailure { settings.lossRule.policy = policy }
      return try Evaluation(model, settings, latents: z, labels: labels)
    }
    let right = SeededRuns(isRight: evaluations.map { $0.outcomes.map(\.isCorrect) })
    var selected = [Double](repeating: 0, count: model.experts.count)
    for evaluation in evaluations {
      for (k, count) in evaluation.selected.enumerated() { selected[k] += Double(count) }
    }
    let work = zip(selected, model.description.expertMultiplyAdds).reduce(0) { $0 + $1.0 * Double($1.1) }
    let answers = selected.reduce(0, +)
    return (
      Heterogeneous.Arm(
        link: link, gate: gate, price: price, accuracies: right.accuracies,
        multiplyAddsPerImage: work / Double(labels.count * channelSeeds.count), loads: selected.map { $0 / answers },
        lead: rival.map { right.difference(from: $0) }),
      right
    )
  }
}
