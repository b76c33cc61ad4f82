import MixtureOfExperts
import Radio

extension Study {
  /// What is measured under a law of links: a gate over one kind of link.
  struct Arm: Hashable {
    var policy: GatePolicy
    var link: LinkKind
    var topK = 1
    /// Of digital links.
    var onDecodeFailure: DecodeFailurePolicy?

    init(_ policy: GatePolicy, _ link: LinkKind, topK: Int = 1, onDecodeFailure: DecodeFailurePolicy? = nil) {
      self.policy = policy
      self.link = link
      self.topK = topK
      self.onDecodeFailure = onDecodeFailure
    }

    func with(_ policy: GatePolicy) -> Arm { Arm(policy, link, topK: topK, onDecodeFailure: onDecodeFailure) }

    func settings(_ law: Law, seed: UInt64) -> EvaluationSettings {
      var settings = EvaluationSettings(
        policy: policy, link: link, lossRule: LossRule(policy: onDecodeFailure ?? .redispatch), topK: topK,
        configuration: law.configuration)
      settings.configuration.seed = seed
      return settings
    }

    /// Analog before digital, then by the decode policy.
    static func precedes(_ a: Arm, _ b: Arm) -> Bool {
      (a.link.rawValue, a.onDecodeFailure?.rawValue ?? 0) < (b.link.rawValue, b.onDecodeFailure?.rawValue ?? 0)
    }
  }

  /// The arms under one law, as far as the model has the gates and, for digital links, the table.
  ///
  /// Analog: all gates under the first law, and elsewhere those that the comparison needs. Digital: every decode policy.
  static func arms(of model: MixtureModel, isFirstLaw: Bool) -> [Arm] {
    let rivals: [GatePolicy] = [.channelAware, .naive, .bestSNR]
    var arms = (isFirstLaw ? GatePolicy.allCases : rivals).map { Arm($0, .analog) }
    if isFirstLaw {
      arms += [2, 3].filter { $0 <= model.description.expertCount }.map { Arm(.channelAware, .analog, topK: $0) }
    }
    if model.description.latentTable != nil {
      for policy in DecodeFailurePolicy.allCases {
        arms += (rivals + [.random]).map { Arm($0, .digital, onDecodeFailure: policy) }
      }
    }
    return arms.filter { arm in arm.policy.gate.map { model.gates[$0] != nil } ?? true }
  }
}

extension Study.Row {
  init(law: String, _ arm: Study.Arm, _ runs: SeededRuns, _ evaluations: [Evaluation]) {
    self.law = law
    link = arm.link.name
    gate = arm.policy.rawValue
    topK = arm.topK
    onDecodeFailure = arm.onDecodeFailure?.name
    accuracy = runs.accuracy
    accuracies = runs.accuracies
    let images = evaluations.reduce(0) { $0 + $1.outcomes.count }
    delivered = 100 * Double(evaluations.reduce(0) { $0 + $1.delivered }) / Double(max(images, 1))
    radioPerImage = evaluations.reduce(into: LinkUse()) { $0 += $1.use }.mean(over: images)
  }
}
