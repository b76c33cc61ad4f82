import Dispatch

/// Keeps a number of requests under way: as soon as one is answered, the next is sent.
package struct ClosedLoop: Sendable {
  package let client: InferenceClient
  package let concurrency: Int

  package init(client: InferenceClient, concurrency: Int) {
    precondition(concurrency > 0, "\(concurrency) callers")
    self.client = client
    self.concurrency = concurrency
  }

  /// Sends what `next` gives until it gives nil, and returns when all of it has been answered.
  ///
  /// - Parameters:
  ///   - next: the next request with whatever the caller wants to know it by; called by one thread at a time.
  ///   - onAnswer: called by one thread at a time.
  package func run<Label: Sendable>(
    next: @escaping @Sendable () -> (label: Label, request: InferenceRequest)?,
    onAnswer: @escaping @Sendable (Label, Result<InferenceAnswer, InferenceError>) -> Void
  ) async {
    let serial = DispatchQueue(label: "moe-edge.closed-loop", target: .global(qos: .userInitiated))
    let group = DispatchGroup()
    @Sendable func sendNext() {
      guard let (label, request) = next() else { return group.leave() }
      client.submit(request) { result in
        serial.async {
          onAnswer(label, result)
          sendNext()
        }
      }
    }
    await withCheckedContinuation { continuation in
      serial.async {
        for _ in 0..<concurrency {
          group.enter()
          sendNext()
        }
        group.notify(queue: serial) { continuation.resume() }
      }
    }
  }
}
