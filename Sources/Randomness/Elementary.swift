/// Elementary functions made of IEEE additions, multiplications and divisions only.
///
/// The C library's differ in the last bit between versions and processors; random states that are replayed elsewhere must
/// not. Relative errors stay below 1e-15 (cosine and sine: absolute).
package enum Elementary {
  /// Natural logarithm of a positive, finite number.
  ///
  /// x = m 2^e with m in [sqrt(1/2), sqrt(2)); ln m = 2 artanh((m - 1)/(m + 1)) by its series.
  package static func log(_ x: Double) -> Double {
    precondition(x > 0 && x < .infinity, "the logarithm of \(x) is not a finite number")
    var m = x.significand
    var e = Double(x.exponent)
    if m > 0x1.6a09e667f3bcdp0 {
      m *= 0.5
      e += 1
    }
    let s = (m - 1) / (m + 1)
    let s2 = s * s
    var series = 1 / 23.0
    for denominator in stride(from: 21.0, through: 1, by: -2) { series = series * s2 + 1 / denominator }
    // ln 2 in two parts, the first exact in e * high.
    return e * 0x1.62e42fee00000p-1 + (2 * s * series + e * 0x1.a39ef35793c76p-33)
  }

  /// e^x; 0 below about -745, infinity above about 709.
  package static func exp(_ x: Double) -> Double {
    if x < -746 { return 0 }
    if x > 710 { return .infinity }
    let k = (x * 0x1.71547652b82fep0).rounded()
    let r = (x - k * 0x1.62e42fee00000p-1) - k * 0x1.a39ef35793c76p-33
    var series = 1.0
    for n in stride(from: 14.0, through: 1, by: -1) { series = 1 + series * r / n }
    // In two steps, because 2^k alone may leave the range of normal numbers.
    let half = (k / 2).rounded(.towardZero)
    return series * power2(Int(half)) * power2(Int(k - half))
  }

  /// Cosine and sine of an angle in turns (1 is 2 pi).
  package static func cosSin(turns: Double) -> (cosine: Double, sine: Double) {
    let quarter = (turns * 4).rounded()
    let x = (turns - quarter * 0.25) * 0x1.921fb54442d18p2
    let x2 = x * x
    var s = 1.0
    for n in stride(from: 16.0, through: 2, by: -2) { s = 1 - s * x2 / (n * (n + 1)) }
    var c = 1.0
    for n in stride(from: 17.0, through: 1, by: -2) { c = 1 - c * x2 / (n * (n + 1)) }
    s *= x
    switch Int(quarter - (quarter * 0.25).rounded(.down) * 4) {
    case 0: return (c, s)
    case 1: return (-s, c)
    case 2: return (-c, -s)
    default: return (s, -c)
    }
  }

  /// A ratio of powers in decibels.
  package static func decibels(_ ratio: Double) -> Double {
    log(ratio) * 4.342944819032518  // 10 / ln 10
  }

  /// The ratio of powers that `decibels` stands for.
  package static func ratio(decibels: Double) -> Double {
    exp(decibels * 0.23025850929940457)  // ln 10 / 10
  }

  private static func power2(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }
}
