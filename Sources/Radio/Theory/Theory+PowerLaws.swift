#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Distribution, error rates and fades of every fading law, with E|h|² = 1.
extension Theory {
  /// P(|h|² < x).
  ///
  /// Rayleigh 1 - e^{-x}; Nakagami P(m, m x), P the regularised incomplete gamma function; Rician the mixture of
  /// P(n + 1, (K + 1) x) over n ~ Poisson(K), which is 1 - Q1(sqrt(2 K), sqrt(2 (K + 1) x)) with Marcum's Q1.
  /// Source: Simon and Alouini, "Digital Communication over Fading Channels", 2nd ed., table 9.5 and eq. 4.47.
  public static func powerDistribution(_ fading: Fading, below x: Double) -> Double {
    guard x > 0 else { return 0 }
    switch fading {
    case .none: return x > 1 ? 1 : 0
    case .rayleigh: return -expm1(-x)
    case .nakagami(let m): return regularisedGamma(m, m * x)
    case .rician(let k):
      let y = (k + 1) * x
      func poisson(_ n: Double, _ mean: Double) -> Double { mean > 0 ? exp(n * log(mean) - mean - lgamma(n + 1)) : 0 }
      // P(n, y) = P(n + 1, y) + y^n e^{-y}/n!: downwards, where nothing cancels.
      let spread = 12 * k.squareRoot() + 40
      let top = (k + spread).rounded()
      var part = regularisedGamma(top + 1, y)
      var sum = 0.0
      for n in stride(from: top, through: max(0, (k - spread).rounded()), by: -1) {
        sum += part * (k > 0 ? poisson(n, k) : (n == 0 ? 1 : 0))
        part += poisson(n, y)
      }
      return min(1, sum)
    }
  }

  /// Bit error rate of Gray 16-QAM without coding, averaged over perfectly known fading.
  ///
  /// E Q(a sqrt(g)) = 1/pi times the integral over 0 < t < pi/2 of M(-a²/(2 sin² t)) with M the moment-generating function
  /// of g (Simon and Alouini, eq. 5.1; M in table 2.2).
  /// - Parameter meanEsN0: Es/N0 at |h|² = 1.
  public static func qam16BitErrorRate(meanEsN0: Double, fading: Fading) -> Double {
    func tail(_ a: Double) -> Double {
      // The integrand continues periodically and smoothly: equal steps converge faster than any power.
      let steps = 256
      let sum = (0..<steps).reduce(0.0) { sum, i in
        let s = sin(Double.pi / 2 * (Double(i) + 0.5) / Double(steps))
        return sum + powerTransform(fading, -a * a / 5 * meanEsN0 / (2 * s * s))
      }
      return sum / Double(2 * steps)
    }
    return 0.75 * tail(1) + 0.5 * tail(3) - 0.25 * tail(5)
  }

  /// The moment-generating function E e^{s |h|²}, s <= 0.
  static func powerTransform(_ fading: Fading, _ s: Double) -> Double {
    switch fading {
    case .none: exp(s)
    case .rayleigh: 1 / (1 - s)
    case .rician(let k): (1 + k) / (1 + k - s) * exp(k * s / (1 + k - s))
    case .nakagami(let m): pow(1 - s / m, -m)
    }
  }

  /// How often |h| falls through a level, per Doppler period, with a direct path that comes from a random direction.
  ///
  /// Rice's integral of the joint law of |h| and its derivative. Given the phase t between h and the direct path of
  /// amplitude rho, the derivative is normal with mean 2 pi f rho sin t, f the direct path's Doppler shift, and variance
  /// 2 pi² psi, psi the scattered power per real part; f_d = 1 and f = cos of a uniform angle. K = 0 is the Rayleigh rate.
  /// Source: Rice, Bell Syst. Tech. J. 27, 1948; with a shifted direct path Pätzold, Killat and Laue, IEEE Trans. Veh.
  /// Technol. 47(1), 1998.
  public static func levelCrossingRate(levelDB: Double, kFactor k: Double) -> Double {
    let r = pow(10, levelDB / 20)
    let psi = 1 / (2 * (k + 1))
    let rho = (k / (k + 1)).squareRoot()
    let deviation = (2 * psi).squareRoot() * Double.pi
    let (phases, directions) = (512, 64)
    let sum = (0..<phases).reduce(0.0) { sum, i in
      let t = 2 * Double.pi * Double(i) / Double(phases)
      let density = r / psi * exp(-(r * r + rho * rho - 2 * r * rho * cos(t)) / (2 * psi))
      let rate = (0..<directions).reduce(0.0) { rate, j in
        let mean = 2 * Double.pi * cos(2 * Double.pi * (Double(j) + 0.5) / Double(directions)) * rho * sin(t)
        let z = mean / deviation
        return rate + deviation / (2 * Double.pi).squareRoot() * exp(-z * z / 2) + mean * q(-z)
      }
      return sum + density * rate / Double(directions)
    }
    return sum / Double(phases)
  }

  /// P(a, x), the regularised lower incomplete gamma function.
  ///
  /// By its series below a + 1 and by Lentz's continued fraction above (Press et al., "Numerical Recipes", 6.2).
  static func regularisedGamma(_ a: Double, _ x: Double) -> Double {
    guard x > 0 else { return 0 }
    let front = exp(a * log(x) - x - lgamma(a))
    if x < a + 1 {
      var (term, sum, n) = (1 / a, 1 / a, a)
      while term > sum * 1e-16 {
        n += 1
        term *= x / n
        sum += term
      }
      return min(1, front * sum)
    }
    var b = x + 1 - a
    var c = 1e300
    var d = 1 / b
    var fraction = d
    for i in 1...100_000 {
      let step = Double(i) * (a - Double(i))
      b += 2
      d = 1 / (step * d + b)
      c = b + step / c
      fraction *= d * c
      if abs(d * c - 1) < 1e-15 { break }
    }
    return max(0, 1 - front * fraction)
  }
}
