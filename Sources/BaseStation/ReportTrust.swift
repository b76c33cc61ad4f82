import Foundation

/// Watches whether a digital link loses what its own reports say it should deliver.
///
/// A cumulative sum (Page's CUSUM) of log-likelihood ratios between a liar, whose link loses three messages in four that it
/// reports as safe, and a sloppy but honest reporter, who loses one in four. Stale or noisy reports stay below; a process
/// that lures messages to a dead link is found after a few dozen of them.
struct ReportTrust {
  /// The probability of loss of "safe" links, honest and lying.
  private static let honestLoss = 0.25
  private static let lyingLoss = 0.75
  /// e^20 to one.
  private static let threshold = 20.0

  private var evidence = 0.0

  /// Notes what became of one message.
  ///
  /// - Parameter expectedLoss: the probability of loss at the SNR that the report told; messages to links that were
  ///   reported as poor prove nothing.
  mutating func record(lost: Bool, expectedLoss: Double) {
    guard expectedLoss < Self.honestLoss else { return }
    let step = log(Self.lyingLoss / Self.honestLoss)
    evidence = max(0, evidence + (lost ? step : -step))
  }

  /// Whether the reports can no longer be believed.
  var isBroken: Bool { evidence >= Self.threshold }

  /// Gives another chance, a shorter one than the first.
  mutating func pardon() { evidence = Self.threshold / 2 }
}
