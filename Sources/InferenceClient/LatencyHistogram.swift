import Histogram

/// Latencies in microseconds, true percentiles to three digits.
package struct LatencyHistogram: Sendable {
  /// One hour: longer than any request may last.
  private static let longest: UInt64 = 3_600_000_000
  private var histogram = Histogram<UInt64>(
    lowestDiscernibleValue: 1, highestTrackableValue: Self.longest, numberOfSignificantValueDigits: .three)

  package init() {}

  package mutating func record(_ latency: Duration) {
    histogram.record(Swift.min(Swift.max(latency.wholeMicroseconds, 1), Self.longest))
  }

  package var count: UInt64 { histogram.totalCount }
  package var p50: UInt64 { percentile(50) }
  package var p90: UInt64 { percentile(90) }
  package var p95: UInt64 { percentile(95) }
  package var p99: UInt64 { percentile(99) }
  package var p99_9: UInt64 { percentile(99.9) }
  package var max: UInt64 { count == 0 ? 0 : histogram.max }

  private func percentile(_ percent: Double) -> UInt64 { count == 0 ? 0 : histogram.valueAtPercentile(percent) }
}

extension Duration {
  package var wholeMicroseconds: UInt64 {
    let (seconds, attoseconds) = components
    return seconds < 0 ? 0 : UInt64(seconds) * 1_000_000 + UInt64(max(attoseconds, 0)) / 1_000_000_000_000
  }

  package var inSeconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) / 1e18
  }
}
