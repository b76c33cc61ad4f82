package import MixtureOfExperts

/// What chooses experts in an evaluation: a gate that could serve, or a bound that could not.
package enum EvaluatedGate {
  case policy(GatePolicy)
  /// Knows the labels: every expert is asked over its own link, and one that is right is taken if there is any. What
  /// no choice of a single expert can surpass on the same draws.
  case oracle

  package static let channelAware = EvaluatedGate.policy(.channelAware)
  package static let allCases = GatePolicy.allCases.map(EvaluatedGate.policy) + [.oracle]

  /// How experts are ranked; of those that the oracle finds right, the one with the best link leads.
  var ranking: GatePolicy {
    switch self {
    case .policy(let policy): policy
    case .oracle: .bestSNR
    }
  }
}

/// By its word on the command line and in files.
extension EvaluatedGate: Word {
  package init?(rawValue: String) {
    if rawValue == "oracle" {
      self = .oracle
    } else {
      guard let policy = GatePolicy(rawValue: rawValue) else { return nil }
      self = .policy(policy)
    }
  }

  package var rawValue: String {
    switch self {
    case .policy(let policy): policy.rawValue
    case .oracle: "oracle"
    }
  }
}
