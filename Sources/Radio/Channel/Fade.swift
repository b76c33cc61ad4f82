internal import Randomness

/// h in one block.
struct Fade: Sendable {
  /// |h|².
  var gain: Double
  /// h as the sum of two parts, up to a phase that both share; told where fading is Rician.
  var direct: SIMD2<Double> = .zero
  var scattered: SIMD2<Double> = .zero
}

extension Fading {
  /// |h'|² of outdated knowledge: a draw that has this fading's law and correlates with `fade` by rho.
  ///
  /// The scattered part decorrelates, s' = rho s + sqrt((1 - rho²) S) w with w ~ CN(0, 1) and S its power; the direct part
  /// stays. Rayleigh fading is scattered alone, and its phase, being uniform, is taken as 0. Nakagami's bivariate law has
  /// |h'|² given |h|² as a non-central chi-square of 2m degrees of freedom: one Gaussian around rho |h| and a gamma for the
  /// other 2m - 1. Source: Nakagami, "The m-distribution", in Statistical Methods in Radio Wave Propagation, 1960.
  func outdatedGain(
    _ fade: Fade, correlation rho: Double, using generator: inout CounterGenerator
  ) -> Double {
    let lost = max(0, 1 - rho * rho)
    switch self {
    case .none:
      return fade.gain
    case .rayleigh:
      let (a, b) = generator.gaussianPair()
      let spread = (lost / 2).squareRoot()
      let real = rho * fade.gain.squareRoot() + spread * a
      return max(real * real + spread * b * (spread * b), Self.smallestGain)
    case .rician(let k):
      let (a, b) = generator.gaussianPair()
      let h = fade.direct + rho * fade.scattered + (lost / 2 / (k + 1)).squareRoot() * SIMD2(a, b)
      return max((h * h).sum(), Self.smallestGain)
    case .nakagami(let m):
      let spread = (lost / (2 * m)).squareRoot()
      let real = rho * fade.gain.squareRoot() + spread * generator.gaussianPair().0
      let others = m > 0.5 ? 2 * generator.gamma(shape: m - 0.5) : 0
      return max(real * real + spread * spread * others, Self.smallestGain)
    }
  }
}
