internal import Randomness

extension Fading {
  /// One draw of h, E|h|² = 1.
  func fade(using generator: inout CounterGenerator) -> Fade {
    switch self {
    case .none:
      return Fade(gain: 1)
    case .rayleigh:
      let (a, b) = generator.gaussianPair()
      return Fade(gain: max((a * a + b * b) / 2, Self.smallestGain))
    case .rician(let k):
      // The direct path's phase does not change the law of |h|: it is taken as 0.
      let (a, b) = generator.gaussianPair()
      let real = k.squareRoot() + a * 0.5.squareRoot()
      return Fade(
        gain: max((real * real + b * b / 2) / (k + 1), Self.smallestGain),
        direct: SIMD2((k / (k + 1)).squareRoot(), 0), scattered: SIMD2(a, b) * (0.5 / (k + 1)).squareRoot())
    case .nakagami(let m):
      return Fade(gain: max(generator.gamma(shape: m) / m, Self.smallestGain))
    }
  }

  /// Keeps -10 log10 |h|² finite: met with probability 1e-18 a draw under Rayleigh fading.
  static let smallestGain = 1e-18
}

extension CounterGenerator {
  /// Gamma(shape, 1) for shape > 0 (Marsaglia and Tsang, "A simple method for generating gamma variables", 2000).
  ///
  /// Rejection succeeds in 96 % of the rounds; the bound keeps the work of a block bounded and is met with probability
  /// below 1e-90.
  mutating func gamma(shape: Double) -> Double {
    if shape < 1 {
      let boost = Elementary.exp(Elementary.log(1 - uniform()) / shape)
      return gamma(shape: shape + 1) * boost
    }
    let d = shape - 1 / 3.0
    let c = 1 / (9 * d).squareRoot()
    for _ in 0..<64 {
      let x = gaussianPair().0
      let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
      guard v > 0 else { continue }
      if Elementary.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Elementary.log(v) { return d * v }
    }
    return d
  }
}
