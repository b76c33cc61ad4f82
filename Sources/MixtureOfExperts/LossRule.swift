package import Radio

/// What is done about latents that digital links lose; the base station and the in-process evaluation call this code and no other.
///
/// An image's latent is sent in rounds: in the first to the experts of the gate's choice, in each further one to as many as
/// the links of the last have lost it, the next-best experts that have not had it. A round begins when everything of
/// the one before has come back, so that what happens does not depend on the order in which it came.
package struct LossRule: Hashable, Sendable {
  package var policy = DecodeFailurePolicy.redispatch
  /// Rounds at most under the policy `redispatch`; the experts of the last answer from the training mean.
  package var maximumAttempts = 3

  package init(policy: DecodeFailurePolicy = .redispatch, maximumAttempts: Int = 3) {
    self.policy = policy
    self.maximumAttempts = maximumAttempts
  }

  /// The transmissions of one round.
  package struct Round: Hashable, Sendable {
    /// Best first; fewer than wanted where there are no more.
    package let experts: [Int]
    /// What each of them does with a lost codeword.
    package let onFailure: DecodeFailurePolicy
  }

  /// Chooses the experts of round `number`, from 1.
  /// - Parameters:
  ///   - count: how many answers the image lacks.
  ///   - candidates: the experts that are up and have not had the latent.
  ///   - penalties: what counts against each expert beside the gate, in units of ln g, `[K]`; nil is the paper's rule.
  package func round(
    _ number: Int, of image: Int, wanting count: Int, among candidates: ExpertSet, by routing: Routing,
    penalties: [Float]? = nil
  ) -> Round {
    var left = candidates
    var experts: [Int] = []
    while experts.count < count, let expert = routing.next(image: image, among: left, penalties: penalties) {
      left.remove(expert: expert)
      experts.append(expert)
    }
    let isLast = policy == .redispatch && (number >= maximumAttempts || left.isEmpty)
    return Round(experts: experts, onFailure: isLast ? .erasure : policy)
  }
}
