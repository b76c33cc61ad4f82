import Foundation

/// How load and speed enter the choice of experts beside the gate.
///
/// Of the experts that are up, the one with the largest ln g_k − T_k/τ is taken: g_k is the gate's weight, T_k the time in
/// which expert k is expected to answer, (waiting + 1) · time per latent + round trip. So τ of waiting outweighs a factor of e
/// in the gate's confidence. An expert that is expected to answer after the deadline comes after all that are not.
/// Policies without weights (`best-snr`, `random`) keep their order. Of several processes of one expert, those whose
/// links are within 3 dB of the best are equal, and the one that is expected to answer first is taken.
package struct LoadRule: Sendable, Equatable {
  /// τ, nanoseconds.
  package let timeConstant: UInt64
  /// Links this close to the best replica's are as good as it.
  static let equalLinksDB: Float = 3

  package init(timeConstant: UInt64) {
    precondition(timeConstant > 0, "a time constant is above 0")
    self.timeConstant = timeConstant
  }

  /// What a wait costs, in units of ln g.
  func penalty(ofWait wait: UInt64, remaining: UInt64) -> Float {
    let penalty = Float(wait) / Float(timeConstant)
    return wait > remaining ? penalty + Self.tooLate : penalty
  }

  /// More than any ln g.
  private static let tooLate: Float = 1e6
}
