import Transport

/// What a load test has measured. Requests belong to it that were meant to be sent while it measured; whatever they are
/// answered with, and whenever.
package struct LoadReport: Sendable {
  /// Requests that were sent.
  package private(set) var requests = 0
  package private(set) var images = 0
  /// Images that the base station refused, for good, because it was busy.
  package private(set) var refused = 0
  /// Images that were not answered in time.
  package private(set) var expired = 0
  /// Images that failed of anything else.
  package private(set) var failed = 0
  package private(set) var retries = 0
  /// Requests that were not sent because too many were under way.
  package private(set) var unsent = 0
  /// Of requests with a class for an image at least: from when they were meant to be sent to the answer.
  package private(set) var latencies = LatencyHistogram()
  /// Of requests that were refused.
  package private(set) var refusalLatencies = LatencyHistogram()
  /// How long the base station asked to wait before a retry, of requests that were refused.
  package private(set) var retryAfters = LatencyHistogram()
  /// How much later than meant requests were sent: what the generator itself adds to the latencies.
  package private(set) var sendDelays = LatencyHistogram()
  /// The first error that was neither a refusal nor a lack of time; where there is none, the first of these.
  package var firstError: InferenceError? { firstFailure ?? firstLoss }
  private var firstFailure: InferenceError?
  private var firstLoss: InferenceError?
  /// Of the time that was measured.
  package let elapsed: Duration
  private let start: MonotonicTime
  private let end: MonotonicTime
  private var classifiedMeanwhile = 0

  init(start: MonotonicTime, duration: Duration) {
    self.start = start
    end = start.advanced(by: duration)
    elapsed = duration
  }

  package var errors: Int { refused + expired + failed }

  /// Images that were classified in the time that was measured, whenever they were sent, by that time: the goodput.
  package var imagesPerSecond: Double { Double(classifiedMeanwhile) / elapsed.inSeconds }

  /// Images that the callers had to send, by the time that was measured.
  package var offeredPerSecond: Double {
    requests == 0 ? 0 : Double(requests + unsent) * (Double(images) / Double(requests)) / elapsed.inSeconds
  }

  mutating func addUnsent(intended: MonotonicTime) {
    if intended >= start, intended < end { unsent += 1 }
  }

  mutating func addSent(_ images: Int, intended: MonotonicTime, at now: MonotonicTime) {
    guard intended >= start, intended < end else { return }
    requests += 1
    self.images += images
    sendDelays.record(now.duration(since: intended))
  }

  mutating func add(_ outcome: LoadOutcome, intended: MonotonicTime, retries: Int, at now: MonotonicTime) {
    if now >= start, now < end { classifiedMeanwhile += outcome.classified }
    guard intended >= start, intended < end else { return }
    refused += outcome.refused
    expired += outcome.expired
    failed += outcome.failed
    self.retries += retries
    if outcome.failed > 0 {
      firstFailure = firstFailure ?? outcome.firstError
    } else {
      firstLoss = firstLoss ?? outcome.firstError
    }
    let latency = now.duration(since: intended)
    if outcome.classified > 0 {
      latencies.record(latency)
    } else if outcome.refused > 0 {
      refusalLatencies.record(latency)
      if let retryAfter = outcome.firstError?.retryAfter { retryAfters.record(retryAfter) }
    }
  }
}
