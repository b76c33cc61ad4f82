/// How long an expert takes to reply: a smoothed mean and a smoothed deviation, as TCP estimates round trips (RFC 6298).
///
/// Times are nanoseconds.
struct ReplyTime {
  private(set) var mean: UInt64?
  private(set) var deviation: UInt64 = 0

  mutating func record(_ sample: UInt64) {
    guard let mean else {
      (mean, deviation) = (sample, sample / 2)
      return
    }
    let difference = sample > mean ? sample - mean : mean - sample
    deviation = (3 * deviation + difference) / 4
    self.mean = (7 * mean + sample) / 8
  }

  /// After so long an expert is taken to be stuck: mean + 4 deviations, within `limits`.
  func timeout(within limits: ClosedRange<UInt64>) -> UInt64 {
    guard let mean else { return limits.upperBound }
    return min(max(mean + 4 * deviation, limits.lowerBound), limits.upperBound)
  }

  /// After so long a reply is late enough to ask another expert beside: mean + 2 deviations; nil before the first.
  var late: UInt64? { mean.map { $0 + 2 * deviation } }
}
