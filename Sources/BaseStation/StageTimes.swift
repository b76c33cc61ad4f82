import Histogram
import WireProtocol

/// How long the stages of a request's way take, as histograms with percentiles to two digits.
struct StageTimes {
  /// From a request's arrival to the start of its batch's computation.
  var waiting = StageHistogram()
  /// Backbone and gate, a batch.
  var computing = StageHistogram()
  /// From a dispatch to its reply, a frame.
  var expert = StageHistogram()
  /// From a request's arrival to its result.
  var request = StageHistogram()

  var latencies: [Status.Latency] {
    [
      waiting.latency(of: "waiting"), computing.latency(of: "computing"), expert.latency(of: "expert"),
      request.latency(of: "request"),
    ]
  }
}

struct StageHistogram {
  /// Ten minutes, in microseconds.
  private static let longest: UInt64 = 600_000_000
  private var histogram = Histogram<UInt64>(
    lowestDiscernibleValue: 1, highestTrackableValue: Self.longest, numberOfSignificantValueDigits: .two)

  mutating func record(_ nanoseconds: UInt64) {
    histogram.record(min(max(nanoseconds / 1000, 1), Self.longest))
  }

  func latency(of stage: String) -> Status.Latency {
    func value(_ percentile: Double) -> UInt32 {
      histogram.totalCount == 0 ? 0 : UInt32(clamping: histogram.valueAtPercentile(percentile))
    }
    return Status.Latency(
      stage: stage, count: histogram.totalCount, p50: value(50), p90: value(90), p99: value(99), p999: value(99.9),
      max: histogram.totalCount == 0 ? 0 : UInt32(clamping: histogram.max))
  }
}
