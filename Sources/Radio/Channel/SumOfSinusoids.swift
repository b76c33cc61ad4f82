package import Randomness

/// Clarke's fading process as a sum of plane waves: any instant is computed by itself, in any order.
///
/// h(t) = N^{-1/2} Σ e^{j (2 pi f_d t cos alpha_n + phi_n)}, phases uniform, one arrival angle uniform in each of N equal
/// sectors. Over links its autocorrelation is J0(2 pi f_d tau) exactly, over time closely; |h|² has mean 1 and variance
/// 1 - 1/N (Rayleigh: 1). Sources: Clarke, Bell Syst. Tech. J. 47(6), 1968; Jakes, "Microwave Mobile Communications",
/// 1974; for random angles Pop and Beaulieu, IEEE Trans. Commun. 49(4), 2001.
package struct SumOfSinusoids: Sendable {
  package static let waves = 64

  /// Doppler shifts as parts of f_d (cos alpha), and phases in turns, four waves at a time.
  private let shifts: [SIMD4<Double>]
  private let phases: [SIMD4<Double>]

  package init(_ stream: StreamKey) {
    var generator = CounterGenerator(stream)
    var shifts: [SIMD4<Double>] = []
    var phases: [SIMD4<Double>] = []
    for group in 0..<(Self.waves / 4) {
      var shift = SIMD4<Double>()
      var phase = SIMD4<Double>()
      for k in 0..<4 {
        let angle = (Double(4 * group + k) + generator.uniform()) / Double(Self.waves)
        shift[k] = Elementary.cosSin(turns: angle).cosine
        phase[k] = generator.uniform()
      }
      shifts.append(shift)
      phases.append(phase)
    }
    self.shifts = shifts
    self.phases = phases
  }

  /// h at a time of `periods` = f_d t.
  package func value(at periods: Double) -> (real: Double, imaginary: Double) {
    var real = SIMD4<Double>()
    var imaginary = SIMD4<Double>()
    for i in shifts.indices {
      let (c, s) = Elementary.cosSin(turns: shifts[i] * periods + phases[i])
      real += c
      imaginary += s
    }
    let scale = 1 / Double(Self.waves).squareRoot()
    return (real.sum() * scale, imaginary.sum() * scale)
  }
}
