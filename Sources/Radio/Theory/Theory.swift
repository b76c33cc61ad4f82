#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Closed forms to hold simulations against.
///
/// Ratios are ratios, not dB, unless a name says so. These functions use the C library: compare with them, do not replay
/// by them.
public enum Theory {
  /// The Gaussian tail probability Q(x) = P(N(0, 1) > x).
  public static func q(_ x: Double) -> Double { erfc(x / 2.0.squareRoot()) / 2 }

  /// A ratio from decibels.
  public static func ratio(decibels: Double) -> Double { pow(10, decibels / 10) }

  /// Decibels of a ratio.
  public static func decibels(_ ratio: Double) -> Double { 10 * log10(ratio) }
}
