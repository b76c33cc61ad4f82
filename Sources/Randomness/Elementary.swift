/// Elementary functions made of IEEE additions, multiplications and divisions only.
///
/// The C library's differ in the last bit between versions and processors; random states that are replayed elsewhere must
/// not. Relative errors stay below 1e-15 (cosine and sine: absolute). Series are Taylor's, on ranges that make them short.
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
    var series = 0.043478260869565216  // 1/23, then 1/21 … 1/3
    series = series * s2 + 0.047619047619047616
    series = series * s2 + 0.05263157894736842
    series = series * s2 + 0.058823529411764705
    series = series * s2 + 0.06666666666666667
    series = series * s2 + 0.07692307692307693
    series = series * s2 + 0.09090909090909091
    series = series * s2 + 0.1111111111111111
    series = series * s2 + 0.14285714285714285
    series = series * s2 + 0.2
    series = series * s2 + 0.3333333333333333
    // ln 2 in two parts, the first exact in e * high.
    return e * ln2High + (2 * s + (2 * s * s2 * series + e * ln2Low))
  }

  /// e^x; 0 below about -745, infinity above about 709.
  package static func exp(_ x: Double) -> Double {
    if x < -746 { return 0 }
    if x > 710 { return .infinity }
    let k = nearest(x * 0x1.71547652b82fep0)
    let r = (x - k * ln2High) - k * ln2Low
    var series = 1.1470745597729725e-11  // 1/14!, then 1/13! … 1/2!
    series = series * r + 1.6059043836821613e-10
    series = series * r + 2.08767569878681e-09
    series = series * r + 2.505210838544172e-08
    series = series * r + 2.755731922398589e-07
    series = series * r + 2.7557319223985893e-06
    series = series * r + 2.48015873015873e-05
    series = series * r + 0.0001984126984126984
    series = series * r + 0.001388888888888889
    series = series * r + 0.008333333333333333
    series = series * r + 0.041666666666666664
    series = series * r + 0.16666666666666666
    series = series * r + 0.5
    series = series * r * r + r + 1
    // In two steps, because 2^k alone may leave the range of normal numbers.
    let half = Int(k) / 2
    return series * power2(half) * power2(Int(k) - half)
  }

  /// Cosine and sine of an angle in turns (1 is 2 pi), at most 2^50 of them.
  package static func cosSin(turns: Double) -> (cosine: Double, sine: Double) {
    let quarter = nearest(turns * 4)
    let x = (turns - quarter * 0.25) * 0x1.921fb54442d18p2
    let (c, s) = cosSin(radians: x)
    switch Int(quarter) & 3 {
    case 0: return (c, s)
    case 1: return (-s, c)
    case 2: return (-c, -s)
    default: return (s, -c)
    }
  }

  /// Four at once: the angle's quarter by series, then doubled twice; errors below 4e-15.
  package static func cosSin(turns: SIMD4<Double>) -> (cosine: SIMD4<Double>, sine: SIMD4<Double>) {
    let magic = SIMD4<Double>(repeating: 0x1.8p52)
    let fraction = turns - ((turns + magic) - magic)
    var (c, s) = cosSin(radians: fraction * 0x1.921fb54442d18p0)
    for _ in 0..<2 { (c, s) = (1 - 2 * s * s, 2 * s * c) }
    return (c, s)
  }

  /// On ±pi/4.
  private static func cosSin(radians x: Double) -> (Double, Double) {
    let (c, s) = cosSin(radians: SIMD2(repeating: x))
    return (c.x, s.x)
  }

  private static func cosSin<Vector: SIMD>(radians x: Vector) -> (Vector, Vector) where Vector.Scalar == Double {
    let x2 = x * x
    var s = Vector(repeating: 2.8114572543455206e-15)  // 1/17!, then 1/15! …
    s = s * x2 - 7.647163731819816e-13
    s = s * x2 + 1.6059043836821613e-10
    s = s * x2 - 2.505210838544172e-08
    s = s * x2 + 2.7557319223985893e-06
    s = s * x2 - 0.0001984126984126984
    s = s * x2 + 0.008333333333333333
    s = s * x2 - 0.16666666666666666
    s = s * x2 * x + x
    var c = Vector(repeating: 4.779477332387385e-14)  // 1/16!, then 1/14! …
    c = c * x2 - 1.1470745597729725e-11
    c = c * x2 + 2.08767569878681e-09
    c = c * x2 - 2.755731922398589e-07
    c = c * x2 + 2.48015873015873e-05
    c = c * x2 - 0.001388888888888889
    c = c * x2 + 0.041666666666666664
    c = c * x2 - 0.5
    c = c * x2 + 1
    return (c, s)
  }

  /// A ratio of powers in decibels.
  package static func decibels(_ ratio: Double) -> Double {
    log(ratio) * 4.342944819032518  // 10 / ln 10
  }

  /// The ratio of powers that `decibels` stands for.
  package static func ratio(decibels: Double) -> Double {
    exp(decibels * 0.23025850929940457)  // ln 10 / 10
  }

  private static let ln2High = 0x1.62e42fee00000p-1
  private static let ln2Low = 0x1.a39ef35793c76p-33

  /// The nearest integer, halves to even, for magnitudes below 2^51; faster than a call of the C library.
  private static func nearest(_ x: Double) -> Double { (x + 0x1.8p52) - 0x1.8p52 }

  private static func power2(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }
}
