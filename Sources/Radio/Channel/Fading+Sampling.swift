internal import Randomness

extension Fading {
  /// One draw of |h|², E|h|² = 1.
  func powerGain(using generator: inout CounterGenerator) -> Double {
    switch self {
    case .none:
      return 1
    case .rayleigh:
      let (a, b) = generator.gaussianPair()
      return max((a * a + b * b) / 2, Self.smallestGain)
    case .rician(let k):
      // The direct path's phase does not change the law of |h|: it is taken as 0.
      let (a, b) = generator.gaussianPair()
      let real = k.squareRoot() + a * 0.5.squareRoot()
      return max((real * real + b * b / 2) / (k + 1), Self.smallestGain)
    case .nakagami(let m):
      return max(generator.gamma(shape: m) / m, Self.smallestGain)
    }
  }

  /// Keeps -10 log10 |h|² finite: met with probability 1e-18 a draw under Rayleigh fading.
  static let smallestGain = 1e-18
}

extension CounterGenerator {
  /// Gamma(shape, 1) for shape >= 1/2 (Marsaglia and Tsang, "A simple method for generating gamma variables", 2000).
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
