import Foundation
import InferenceClient
import Synchronization

/// Callers that ask for the same images again and again while a test does harm, and what has come of it.
final class Load: Sendable {
  /// What has happened so far.
  struct Outcome {
    var answers = 0
    /// Answers whose attempt is another than the undisturbed one: nothing to compare them with.
    var incomparable = 0
    var failures: [String] = []
    var wrong: [String] = []
    var retries = 0
    var latencies: [Duration] = []
    /// Answers by expert.
    var experts: [Int: Int] = [:]

    /// Figures for a report, in milliseconds.
    var summary: String {
      let sorted = latencies.sorted()
      func milliseconds(_ quantile: Double) -> String {
        guard !sorted.isEmpty else { return "-" }
        let value = sorted[min(sorted.count - 1, Int(quantile * Double(sorted.count)))] / .milliseconds(1)
        return String(format: "%.1f", value)
      }
      return "\(answers) answers, \(failures.count) failed, \(wrong.count) wrong, \(incomparable) incomparable, "
        + "\(retries) retries; ms p50 \(milliseconds(0.5)) p99 \(milliseconds(0.99)) max \(milliseconds(1))"
    }
  }

  private struct State {
    var outcome = Outcome()
    var next = 0
    var isStopping = false
    var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let state = Mutex(State())
  private let clients: [InferenceClient]
  private let running = Mutex<Task<Void, Never>?>(nil)
  private let answersKnown: KnownAnswers
  /// What each connection waits before it sends, in microseconds.
  private let pause: UInt32

  /// - Parameters:
  ///   - address: the base station's, or that of a proxy before it.
  ///   - clientCount: connections; each has its own callers.
  ///   - rate: at most so many requests a second, of all connections together; nil: as many as are answered.
  init(
    on cluster: Cluster, through address: String? = nil, expecting answersKnown: KnownAnswers, clientCount: Int = 2,
    callersEach: Int = 4, rate: Int? = nil
  ) async throws {
    self.answersKnown = answersKnown
    pause = rate.map { UInt32(clientCount * 1_000_000 / $0) } ?? 0
    var clients: [InferenceClient] = []
    for _ in 0..<clientCount {
      clients.append(try await InferenceClient.connect(to: address ?? cluster.address, options: cluster.clientOptions))
    }
    self.clients = clients
    let task = Task { [self] in
      await withTaskGroup { group in
        for client in self.clients {
          group.addTask { await self.run(ClosedLoop(client: client, concurrency: callersEach)) }
        }
      }
    }
    running.withLock { $0 = task }
  }

  var outcome: Outcome { state.withLock { $0.outcome } }

  /// Returns when so many more answers have come, failures among them.
  func more(_ count: Int) async {
    await withCheckedContinuation { continuation in
      state.withLock { $0.waiting.append(($0.outcome.answers + count, continuation)) }
    }
  }

  /// Sends no more, and returns when everything has been answered.
  func stop() async -> Outcome {
    state.withLock { $0.isStopping = true }
    await running.withLock { $0 }?.value
    for client in clients { await client.close() }
    return outcome
  }

  private func run(_ loop: ClosedLoop) async {
    await loop.run { [self] in
      if pause > 0 { usleep(pause) }
      return state.withLock { state -> (label: Int, request: InferenceRequest)? in
        guard !state.isStopping else { return nil }
        defer { state.next += 1 }
        let image = state.next % answersKnown.count
        return (image, answersKnown.request(image))
      }
    } onAnswer: { [self] image, result in
      let ready = state.withLock { state in
        state.outcome.record(result, image: image, answersKnown)
        let ready = state.waiting.filter { $0.count <= state.outcome.answers }
        state.waiting.removeAll { $0.count <= state.outcome.answers }
        return ready
      }
      for waiting in ready { waiting.continuation.resume() }
    }
  }
}

extension Load.Outcome {
  fileprivate mutating func record(
    _ result: Result<InferenceAnswer, InferenceError>, image: Int, _ known: KnownAnswers
  ) {
    answers += 1
    do {
      let answer = try result.get()
      retries += answer.retries
      latencies.append(answer.latency)
      let given = try answer.outcomes[0].get()
      experts[given.leadingExpert?.expert ?? -1, default: 0] += 1
      switch known.judge(given, image: image) {
      case .right: break
      case .incomparable: incomparable += 1
      case .wrong(let why): wrong.append("image \(image): \(why)")
      }
    } catch {
      failures.append("image \(image): \(error)")
    }
  }
}
