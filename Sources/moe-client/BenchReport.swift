import InferenceClient

/// What `bench` says of its load and of what became of it.
struct BenchReport {
  private let report: LoadReport
  /// The load in words.
  private let load: String

  init(_ report: LoadReport, load: String) {
    self.report = report
    self.load = load
  }

  func show() {
    print("load      \(load)")
    print(
      "goodput   \(report.imagesPerSecond.rounded(0)) images/s of \(report.offeredPerSecond.rounded(0)) offered, "
        + "\(report.requests) requests in \(report.elapsed.inSeconds.rounded(1)) s")
    print("latency   \(Self.percentiles(report.latencies))")
    if report.errors + report.unsent + report.retries > 0 {
      print(
        "lost      \(report.refused) images refused, \(report.expired) expired, \(report.failed) failed; "
          + "\(report.unsent) requests not sent; \(report.retries) retries")
    }
    if report.refusalLatencies.count > 0 {
      print("refusal   after p50 \(report.refusalLatencies.p50), p99 \(report.refusalLatencies.p99) us")
    }
    if report.retryAfters.count > 0 {
      print("retry     asked to wait p50 \(report.retryAfters.p50), max \(report.retryAfters.max) us")
    }
    if report.sendDelays.p50 > 1 {
      print("sent late p50 \(report.sendDelays.p50), p99 \(report.sendDelays.p99) us (in the latency)")
    }
  }

  private static func percentiles(_ latencies: LatencyHistogram) -> String {
    "p50 \(latencies.p50), p90 \(latencies.p90), p95 \(latencies.p95), p99 \(latencies.p99), "
      + "p99.9 \(latencies.p99_9), max \(latencies.max) us"
  }

  struct Summary: Encodable {
    let requests: Int
    let images: Int
    /// Goodput: images classified in time, by the time that was measured.
    let imagesPerSecond: Double
    let offeredPerSecond: Double
    let errors: Int
    let refused: Int
    let expired: Int
    let failed: Int
    /// Requests.
    let unsent: Int
    let retries: Int
    /// From when a request was meant to be sent.
    let latencyUs: LatencySummary
    let refusalUs: LatencySummary
    let retryAfterUs: LatencySummary
    let sendDelayUs: LatencySummary
  }

  var summary: Summary {
    Summary(
      requests: report.requests, images: report.images, imagesPerSecond: report.imagesPerSecond,
      offeredPerSecond: report.offeredPerSecond, errors: report.errors, refused: report.refused,
      expired: report.expired, failed: report.failed, unsent: report.unsent, retries: report.retries,
      latencyUs: LatencySummary(report.latencies), refusalUs: LatencySummary(report.refusalLatencies),
      retryAfterUs: LatencySummary(report.retryAfters), sendDelayUs: LatencySummary(report.sendDelays))
  }
}
