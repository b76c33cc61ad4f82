/// How the base station chooses experts; the raw values are the words of `--gate`.
package enum GatePolicy: String, CaseIterable, Sendable, Codable {
  /// G_AW(z, σ~), the paper's contribution (eq. 7): features and the state of every link.
  case channelAware = "channel-aware"
  /// G(z) of stage 1, trained on ideal links (eq. 2).
  case base
  /// G(z) trained in stage 2 on the same draws as `channelAware`, but blind to the links.
  case naive
  /// The eligible expert with the highest instantaneous SNR; features ignored.
  case bestSNR = "best-snr"
  /// A random order, keyed by (seed, base station, tag).
  case random

  /// The trained gate that the policy asks, if it asks one.
  package var gate: GateKind? {
    switch self {
    case .channelAware: .channelAware
    case .base: .base
    case .naive: .naive
    case .bestSNR, .random: nil
    }
  }
}

/// The gates that come out of training; the raw values name their files, `gate-<kind>.safetensors`.
package enum GateKind: String, CaseIterable, Sendable, Codable {
  case base
  case naive
  case channelAware = "channel-aware"

  /// Whether the gate sees the K link encodings beside the latent.
  package var seesLinks: Bool { self == .channelAware }
}
