internal import Randomness

/// Co-channel transmitters: SINR = P |h|²/(Σ P_j |h_j|² + N0) over those that are on.
///
/// Each fades by its own Rayleigh law, anew in every block, and counts as Gaussian noise.
public struct Interference: Sendable, Hashable, Codable {
  /// How many interferers there are.
  public var count: Int
  /// Mean interference-to-noise ratio P_j/N0 of each, in dB.
  public var toNoiseDB: Double
  /// The probability that one is on.
  public var activity: Double
  /// Blocks for which it stays as it is.
  public var burst: UInt64

  public init(count: Int, toNoiseDB: Double, activity: Double = 1, burst: UInt64 = 1) {
    self.count = count
    self.toNoiseDB = toNoiseDB
    self.activity = activity
    self.burst = burst
  }

  /// Σ P_j |h_j|²/N0 during a block.
  func power(ofBlock block: UInt64, _ stream: StreamKey) -> Double {
    var switches = CounterGenerator(stream.appending(0).appending(block / burst))
    var fading = CounterGenerator(stream.appending(1).appending(block))
    let power = Elementary.ratio(decibels: toNoiseDB)
    return (0..<count).reduce(0) { sum, _ in
      let gain = -Elementary.log(1 - fading.uniform())
      return switches.uniform() < activity ? sum + power * gain : sum
    }
  }
}
