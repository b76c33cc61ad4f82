import InferenceClient

/// Percentiles as JSON has them, in microseconds.
struct LatencySummary: Encodable {
  let p50: UInt64
  let p90: UInt64
  let p95: UInt64
  let p99: UInt64
  let p99_9: UInt64
  let max: UInt64

  init(_ latencies: LatencyHistogram) {
    p50 = latencies.p50
    p90 = latencies.p90
    p95 = latencies.p95
    p99 = latencies.p99
    p99_9 = latencies.p99_9
    max = latencies.max
  }
}
