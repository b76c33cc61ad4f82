internal import Randomness

/// Rayleigh or Rician fading that follows time.
struct CorrelatedFading: Sendable {
  private let scatter: SumOfSinusoids
  private let kFactor: Double
  /// Doppler shift of the direct path as a part of f_d.
  private let directShift: Double
  private let directPhase: Double

  /// - Parameter kFactor: ratio of direct to scattered power; 0 is Rayleigh.
  init(_ stream: StreamKey, kFactor: Double) {
    scatter = SumOfSinusoids(stream.appending(0))
    self.kFactor = kFactor
    var generator = CounterGenerator(stream.appending(1))
    directShift = Elementary.cosSin(turns: generator.uniform()).cosine
    directPhase = generator.uniform()
  }

  /// |h|² at a time of `periods` = f_d t.
  func powerGain(at periods: Double) -> Double {
    let (real, imaginary) = unscaled(at: periods)
    return max((real * real + imaginary * imaginary) / (kFactor + 1), Fading.smallestGain)
  }

  /// h at a time of `periods` = f_d t.
  func coefficient(at periods: Double) -> SIMD2<Double> {
    let (real, imaginary) = unscaled(at: periods)
    return SIMD2(real, imaginary) / (kFactor + 1).squareRoot()
  }

  private func unscaled(at periods: Double) -> (real: Double, imaginary: Double) {
    var (real, imaginary) = scatter.value(at: periods)
    if kFactor > 0 {
      let (c, s) = Elementary.cosSin(turns: directShift * periods + directPhase)
      real += kFactor.squareRoot() * c
      imaginary += kFactor.squareRoot() * s
    }
    return (real, imaginary)
  }
}
