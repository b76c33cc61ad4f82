package import Randomness

/// Shadowing as a random field over the plane: N(0, 1) with autocorrelation e^{-|Δ|/d_cor}.
///
/// A sum of plane waves whose wave vectors follow the two-dimensional Cauchy law, for that law's characteristic function is
/// e^{-|x|}. So a place has its shadow whatever way leads there, at the cost of one sum.
package struct ShadowField: Sendable {
  private static let waves = 64

  /// Wave vectors in turns per metre, and phases in turns, four waves at a time.
  private let x: [SIMD4<Double>]
  private let y: [SIMD4<Double>]
  private let phases: [SIMD4<Double>]

  package init(_ stream: StreamKey, distance: Double) {
    var generator = CounterGenerator(stream)
    var waves = (x: [SIMD4<Double>](), y: [SIMD4<Double>](), phases: [SIMD4<Double>]())
    for _ in 0..<(Self.waves / 4) {
      var (x, y, phase) = (SIMD4<Double>(), SIMD4<Double>(), SIMD4<Double>())
      for k in 0..<4 {
        let (a, b) = generator.gaussianPair()
        let c = max(abs(generator.gaussianPair().0), 1e-6)
        (x[k], y[k]) = (a / c, b / c)
        phase[k] = generator.uniform()
      }
      let scale = 1 / (2 * Double.pi * distance)
      waves.x.append(x * scale)
      waves.y.append(y * scale)
      waves.phases.append(phase)
    }
    (x, y, phases) = waves
  }

  package func value(at place: SIMD2<Double>) -> Double {
    var sum = SIMD4<Double>()
    for i in x.indices { sum += Elementary.cosSin(turns: x[i] * place.x + y[i] * place.y + phases[i]).cosine }
    return sum.sum() * (2 / Double(Self.waves)).squareRoot()
  }
}
