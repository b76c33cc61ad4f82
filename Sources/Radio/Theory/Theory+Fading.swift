#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Rayleigh fading with Clarke's Doppler spectrum, and the moments of other fading laws.
extension Theory {
  /// Autocorrelation of the complex coefficient after `periods` = f_d tau: J0(2 pi f_d tau).
  public static func clarkeAutocorrelation(periods: Double) -> Double { j0(2 * .pi * periods) }

  /// How often |h| falls through a level, per Doppler period: sqrt(2 pi) rho e^{-rho²}.
  ///
  /// Rice, Bell Syst. Tech. J. 27, 1948; Jakes 1974, eq. 1.3-35.
  /// - Parameter levelDB: the level relative to the rms value, 20 log10 rho.
  public static func levelCrossingRate(levelDB: Double) -> Double {
    let rho = pow(10, levelDB / 20)
    return (2 * Double.pi).squareRoot() * rho * exp(-rho * rho)
  }

  /// How long |h| stays below a level, in Doppler periods: (e^{rho²} - 1)/(rho sqrt(2 pi)).
  public static func averageFadeDuration(levelDB: Double) -> Double {
    let rho = pow(10, levelDB / 20)
    return expm1(rho * rho) / (rho * (2 * Double.pi).squareRoot())
  }

  /// P(|h|² < x) of Rayleigh fading: the part of time below a level.
  public static func rayleighOutage(powerRatio x: Double) -> Double { -expm1(-x) }

  /// Variance of |h|² for a law with E|h|² = 1: 1/m for Nakagami, (2K + 1)/(K + 1)² for Rician.
  public static func powerVariance(_ fading: Fading) -> Double {
    switch fading {
    case .none: 0
    case .rayleigh: 1
    case .rician(let k): (2 * k + 1) / ((k + 1) * (k + 1))
    case .nakagami(let m): 1 / m
    }
  }
}
