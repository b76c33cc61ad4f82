/// The law of the complex fading coefficient h, E|h|² = 1, constant during a block.
public enum Fading: Sendable, Hashable, Codable {
  /// h = 1.
  case none
  /// h ~ CN(0, 1).
  case rayleigh
  /// h = sqrt(K/(K+1)) e^{j phi} + CN(0, 1/(K+1)); `kFactor` is the linear power ratio K of the direct to the scattered part.
  case rician(kFactor: Double)
  /// |h|² ~ Gamma(m, 1/m); m = 1 is Rayleigh, larger m fades less, m >= 1/2.
  case nakagami(m: Double)

  public var name: String {
    switch self {
    case .none: "none"
    case .rayleigh: "rayleigh"
    case .rician: "rician"
    case .nakagami: "nakagami"
    }
  }
}
