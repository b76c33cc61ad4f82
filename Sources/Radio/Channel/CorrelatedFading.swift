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

  /// h's power and parts at a time of `periods` = f_d t.
  func fade(at periods: Double) -> Fade {
    let (direct, scattered) = unscaled(at: periods)
    let h = direct + scattered
    let scale = 1 / (kFactor + 1).squareRoot()
    return Fade(
      gain: max((h.x * h.x + h.y * h.y) / (kFactor + 1), Fading.smallestGain), direct: direct * scale,
      scattered: scattered * scale)
  }

  /// h at a time of `periods` = f_d t.
  func coefficient(at periods: Double) -> SIMD2<Double> {
    let (direct, scattered) = unscaled(at: periods)
    return (direct + scattered) / (kFactor + 1).squareRoot()
  }

  private func unscaled(at periods: Double) -> (direct: SIMD2<Double>, scattered: SIMD2<Double>) {
    let (real, imaginary) = scatter.value(at: periods)
    guard kFactor > 0 else { return (.zero, SIMD2(real, imaginary)) }
    let (c, s) = Elementary.cosSin(turns: directShift * periods + directPhase)
    return (SIMD2(c, s) * kFactor.squareRoot(), SIMD2(real, imaginary))
  }
}
