import Transport
import WireProtocol

/// Sends a load test's requests and counts what becomes of them, all of it on the connections' queue: it shares the
/// machine with what it measures, so nothing is handed from thread to thread.
// @unchecked: everything that changes is touched on the io queue only.
final class LoadGenerator: @unchecked Sendable {
  /// How long a caller of a closed loop waits that was refused without being told how long to wait.
  private static let pauseAfterError: Duration = .milliseconds(1)

  private let test: LoadTest
  private let sessions: [Session]
  private let io: IOQueue
  private let timeAllowed: Duration
  private let completion: (LoadReport) -> Void
  private let start: MonotonicTime
  private let end: MonotonicTime
  /// Sent in turn.
  private var requests: [FrameBuffer]
  private var turn = 0
  private var underWay = 0
  /// Callers that pause, and the open loop's clock until its last request.
  private var waiting = 0
  private var isFinished = false
  private var report: LoadReport

  /// - Parameter completion: called once, on the queue.
  init(test: LoadTest, sessions: [Session], requests: [FrameBuffer], completion: @escaping (LoadReport) -> Void) {
    self.test = test
    self.sessions = sessions
    self.requests = requests
    self.completion = completion
    io = sessions[0].io
    timeAllowed = sessions[0].options.requestTimeout
    start = .now
    let measured = start.advanced(by: test.warmUp)
    end = measured.advanced(by: test.duration)
    report = LoadReport(start: measured, duration: test.duration)
  }

  func run() {
    io.assertCurrent()
    switch test.pace {
    case .closed(let callers): for caller in 0..<callers { sendNext(of: caller) }
    case .open(let arrivals, let maximumUnderWay):
      waiting = 1
      keepPace(arrivals, maximumUnderWay: maximumUnderWay)
    }
  }

  // MARK: Closed loop

  private func sendNext(of caller: Int) {
    let now = MonotonicTime.now
    guard now < end else { return finishIfDone() }
    send(over: caller, intended: now, at: now) { [self] outcome in
      guard outcome.classified == 0, let error = outcome.firstError else { return sendNext(of: caller) }
      waiting += 1
      // No longer than there is something to send.
      let pause = error.retryAfter ?? Self.pauseAfterError
      io.at(min(MonotonicTime.now.advanced(by: pause), end)) { [self] in
        waiting -= 1
        sendNext(of: caller)
      }
    }
  }

  // MARK: Open loop

  /// Sends what is due and comes back when the next is.
  private func keepPace(_ arrivals: LoadArrivals, maximumUnderWay: Int) {
    var arrivals = arrivals
    io.coalescingWrites {
      while true {
        let due = MonotonicTime(nanoseconds: start.nanoseconds + UInt64(arrivals.next * 1e9))
        guard due < end else {
          waiting = 0
          return finishIfDone()
        }
        let now = MonotonicTime.now
        guard due <= now else {
          io.at(due) { [self, arrivals] in keepPace(arrivals, maximumUnderWay: maximumUnderWay) }
          return
        }
        if underWay < maximumUnderWay {
          send(over: turn, intended: due, at: now) { [self] _ in finishIfDone() }
        } else {
          report.addUnsent(intended: due)
        }
        arrivals.advance()
      }
    }
  }

  // MARK: Both

  private func send(
    over connection: Int, intended: MonotonicTime, at now: MonotonicTime, then: @escaping (LoadOutcome) -> Void
  ) {
    let index = turn % requests.count
    turn += 1
    underWay += 1
    report.addSent(test.batch, intended: intended, at: now)
    let deadline = intended.advanced(by: timeAllowed)
    sessions[connection % sessions.count].persist(until: deadline) { [self] (requestID, remaining) in
      requests[index].stamp(requestID: requestID, deadlineMicroseconds: remaining)
      return requests[index]
    } read: { [batch = test.batch] message in
      let outcome = LoadOutcome(message, images: batch)
      return (outcome, retryBecause: outcome.obstacle)
    } completion: { [self] (outcome, retries) in
      let now = MonotonicTime.now
      var outcome = outcome
      if now > deadline { outcome.expire() }
      underWay -= 1
      report.add(outcome, intended: intended, retries: retries, at: now)
      then(outcome)
    }
  }

  private func finishIfDone() {
    // Where there is no time for a single request, every caller of a closed loop finds all of it done.
    guard underWay == 0, waiting == 0, !isFinished else { return }
    isFinished = true
    completion(report)
  }
}
