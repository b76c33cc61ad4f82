/// How a latent vector crosses the air.
public enum LinkKind: UInt8, Sendable, Hashable, Codable, CaseIterable {
  /// Undistorted: what is sent is what arrives.
  case ideal = 0
  /// Latents modulate the carrier directly (eqs. 5-6): they arrive with Gaussian noise of variance sigma~².
  case analog = 1
  /// Quantised, compressed, coded and sent as 16-QAM symbols (eqs. 10-11).
  case digital = 2

  public var name: String {
    switch self {
    case .ideal: "ideal"
    case .analog: "analog"
    case .digital: "digital"
    }
  }
}

extension LinkKind: NamedCase {}
