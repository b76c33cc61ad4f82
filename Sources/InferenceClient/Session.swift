import Datasets
import Digests
import Logging
import Radio
import TLS
import Transport
import WireProtocol

/// The client's side of one connection: requests under way, their time, their retries, and the dialling.
// @unchecked: everything mutable is confined to `io`.
final class Session: @unchecked Sendable {
  private static let sweepInterval: Duration = .milliseconds(50)
  /// Before the first retry where the base station has not said how long to wait; doubled at each.
  private static let firstRetryDelay: Duration = .milliseconds(20)
  private static let longestRetryDelay: Duration = .seconds(1)

  private let address: SocketAddress
  private let options: InferenceClient.Options
  private let peerOptions: Peer.Options
  private let io: IOQueue
  private let hello: Hello

  private var state = State.idle
  private var model: ServedModel?
  private var underWay: [UInt64: Pending] = [:]
  private var nextRequestID: UInt64 = 1
  private var isSweeping = false

  private enum State {
    /// Becomes `dialling`.
    case idle
    /// Becomes `connected` or `idle`; the completions are called then.
    case dialling([(Result<Peer, InferenceError>) -> Void])
    /// Becomes `idle` when the connection ends.
    case connected(Peer)
    /// The end.
    case closed
  }

  /// A question that waits for its answer.
  private struct Pending {
    let deadline: MonotonicTime
    let answer: (Result<Message, InferenceError>) -> Void
  }

  init(address: String, options: InferenceClient.Options) throws(InferenceError) {
    do {
      self.address = try SocketAddress(parsing: address)
    } catch {
      throw .malformedAddress(address)
    }
    self.options = options
    let credentials = try options.tls.map { tls throws(InferenceError) in try TLSCredentials(tls) }
    var peerOptions = Peer.Options()
    if let credentials { peerOptions.secure(with: credentials) }
    self.peerOptions = peerOptions
    io = IOQueue(label: "moe-edge.client", logger: Logger(label: "moe-client"))
    let generation = MonotonicTime.now.nanoseconds
    hello = Hello(
      nodeID: "client-\(String(generation, radix: 36))", generation: generation, software: softwareVersion,
      detail: credentials?.isOperator == true ? .operator : .client)
  }

  /// Runs `work` on the session's queue.
  func complete(_ work: @escaping @Sendable () -> Void) { io.async(work) }

  // MARK: Connecting

  func connect(_ completion: @escaping @Sendable (Result<ServedModel, InferenceError>) -> Void) {
    io.async { [self] in
      withPeer { [self] result in
        completion(result.flatMap { _ in model.map(Result.success) ?? .failure(.connectionLost(reason: "closed")) })
      }
    }
  }

  /// Calls `body` with the connection, which is made first if there is none.
  private func withPeer(_ body: @escaping (Result<Peer, InferenceError>) -> Void) {
    switch state {
    case .connected(let peer): body(.success(peer))
    case .closed: body(.failure(.closed))
    case .dialling(let waiting): state = .dialling(waiting + [body])
    case .idle:
      state = .dialling([body])
      Dialler.dialOnce(address, io: io, timeout: options.connectTimeout, hello: hello, options: peerOptions) {
        (other: Hello) throws(ProtocolError) in
        guard case .baseStation = other.detail else {
          throw ProtocolError(.badRequest, "\(other.nodeID) is no base station but of the role \(other.role)")
        }
      } completion: { [self] result in
        onDialled(result)
      }
    }
  }

  private func onDialled(_ result: Result<Peer, TransportError>) {
    guard case .dialling(let waiting) = state else {
      if case .success(let peer) = result { peer.close("the client has been closed") }
      return
    }
    let outcome: Result<Peer, InferenceError>
    switch result {
    case .failure(.refusedByPeer(_, let error)):
      state = .idle
      outcome = .failure(InferenceError(error))
    case .failure(let error):
      state = .idle
      outcome = .failure(.unreachable(address: address.description, reason: error.description))
    case .success(let peer):
      state = .connected(peer)
      learnModel(from: peer.hello)
      peer.onHelloChanged = { [self, unowned peer] in learnModel(from: peer.hello) }
      peer.onFrame = { [self, unowned peer] in onFrame($0, from: peer) }
      peer.onClose = { [self] in onClosed($0) }
      outcome = .success(peer)
    }
    for body in waiting { body(outcome) }
  }

  private func learnModel(from hello: Hello) {
    guard case .baseStation(let detail) = hello.detail else { return }
    model = ServedModel(
      name: detail.modelName, digest: detail.digest.hex, channels: detail.inputShape.channels,
      height: detail.inputShape.height, width: detail.inputShape.width, labels: detail.classLabels,
      gate: detail.gate, link: "\(detail.link)")
  }

  private func onClosed(_ reason: CloseReason) {
    if case .connected = state { state = .idle }
    let lost = underWay
    underWay = [:]
    for pending in lost.values { pending.answer(.failure(.connectionLost(reason: reason.description))) }
  }

  func close(_ completion: @escaping @Sendable () -> Void) {
    io.async { [self] in
      let before = state
      state = .closed
      let lost = underWay
      underWay = [:]
      for pending in lost.values { pending.answer(.failure(.closed)) }
      switch before {
      case .connected(let peer): peer.close("the client has been closed")
      case .dialling(let waiting): for body in waiting { body(.failure(.closed)) }
      case .idle, .closed: break
      }
      completion()
    }
  }

  // MARK: Asking

  func submit(
    _ request: InferenceRequest, completion: @escaping @Sendable (Result<InferenceAnswer, InferenceError>) -> Void
  ) {
    io.async { [self] in
      let start = MonotonicTime.now
      attempt(request, start: start, retries: 0) { result, retries in
        let latency = MonotonicTime.now.duration(since: start)
        completion(
          result.map { InferenceAnswer(outcomes: $0, latency: latency, retries: retries) })
      }
    }
  }

  private typealias Outcomes = [Result<Classification, InferenceError>]

  private func attempt(
    _ request: InferenceRequest, start: MonotonicTime, retries: Int,
    completion: @escaping (Result<Outcomes, InferenceError>, _ retries: Int) -> Void
  ) {
    let deadline = start.advanced(by: options.requestTimeout)
    ask(until: deadline) { [self] (requestID, remaining) throws(InferenceError) in
      guard let model else { throw .closed }
      let infer = Infer(
        count: request.count, shape: model.shape, blocks: request.firstBlock.map { .from($0) } ?? .unnamed,
        wantsProbabilities: request.wantsProbabilities)
      return infer.encode(requestID: requestID, deadlineMicroseconds: remaining) { $0.copyBytes(from: request.pixels) }
    } answer: { [self] result in
      let outcomes: Result<Outcomes, InferenceError> = result.flatMap { self.outcomes(of: $0, count: request.count) }
      guard let delay = retryDelay(after: outcomes, retries: retries, deadline: deadline) else {
        return completion(outcomes, retries)
      }
      _ = io.after(delay) { [self] in
        attempt(request, start: start, retries: retries + 1, completion: completion)
      }
    }
  }

  /// How long to wait before the request is sent again; nil if it is not.
  private func retryDelay(
    after result: Result<Outcomes, InferenceError>, retries: Int, deadline: MonotonicTime
  ) -> Duration? {
    let errors: [InferenceError] =
      switch result {
      case .failure(let error): [error]
      case .success(let outcomes): outcomes.compactMap { if case .failure(let error) = $0 { error } else { nil } }
      }
    guard retries < options.maximumRetries, let error = errors.first, errors.allSatisfy(\.isRetryable) else {
      return nil
    }
    var delay = min(Self.firstRetryDelay * (1 << min(retries, 16)), Self.longestRetryDelay)
    if case .refused(_, _, _, let retryAfter) = error { delay = max(delay, retryAfter) }
    return MonotonicTime.now.advanced(by: delay) < deadline ? delay : nil
  }

  func requestStatus(_ completion: @escaping @Sendable (Result<BaseStationStatus, InferenceError>) -> Void) {
    io.async { [self] in
      ask(until: MonotonicTime.now.advanced(by: options.requestTimeout)) { requestID, _ in
        Message.statusRequest.encode(requestID: requestID)
      } answer: { result in
        completion(
          result.flatMap {
            guard case .status(let status) = $0 else { return .failure(.badRequest("no status in the answer")) }
            return .success(BaseStationStatus(status))
          })
      }
    }
  }

  /// Sends a question and keeps what waits for its answer.
  private func ask(
    until deadline: MonotonicTime,
    encode: @escaping (_ requestID: UInt64, _ remainingMicroseconds: UInt32) throws(InferenceError) -> FrameBuffer,
    answer: @escaping (Result<Message, InferenceError>) -> Void
  ) {
    withPeer { [self] result in
      switch result {
      case .failure(let error): answer(.failure(error))
      case .success(let peer):
        let now = MonotonicTime.now
        guard now < deadline else { return answer(.failure(.timedOut)) }
        let requestID = nextRequestID
        nextRequestID += 1
        do throws(InferenceError) {
          let remaining = UInt32(clamping: deadline.microseconds(since: now))
          let frame = try encode(requestID, remaining)
          underWay[requestID] = Pending(deadline: deadline, answer: answer)
          peer.send(frame)
          startSweeping()
        } catch {
          answer(.failure(error))
        }
      }
    }
  }

  // MARK: Answers

  private func onFrame(_ frame: FrameBuffer, from peer: Peer) {
    do {
      let message = try Message(decoding: frame)
      if case .goaway = message { return }
      guard let pending = underWay.removeValue(forKey: frame.requestID) else { return }
      if case .error(let error) = message {
        pending.answer(.failure(InferenceError(error)))
      } else {
        pending.answer(.success(message))
      }
    } catch {
      peer.close(telling: ProtocolError(.badRequest, error.description))
    }
  }

  private func outcomes(of message: Message, count: Int) -> Result<Outcomes, InferenceError> {
    guard case .result(let result) = message, result.outcomes.count == count, let model else {
      return .failure(.badRequest("the answer does not have one outcome an image"))
    }
    return .success(
      result.outcomes.enumerated().map { index, outcome in
        switch outcome {
        case .failed(let error): .failure(InferenceError(error))
        case .classified(let classification):
          .success(
            Classification(
              classification, of: result, image: index, label: model.label(of: Int(classification.classIndex))))
        }
      })
  }

  // MARK: Time

  private func startSweeping() {
    guard !isSweeping else { return }
    isSweeping = true
    _ = io.after(Self.sweepInterval) { [self] in
      isSweeping = false
      let now = MonotonicTime.now
      for (requestID, pending) in underWay where pending.deadline <= now {
        underWay[requestID] = nil
        if case .connected(let peer) = state { peer.send(.cancel, requestID: requestID) }
        pending.answer(.failure(.timedOut))
      }
      if !underWay.isEmpty { startSweeping() }
    }
  }
}

extension InferenceError {
  init(_ error: ProtocolError) {
    self = .refused(
      code: error.code.description, message: error.message, isRetryable: error.isRetryable,
      retryAfter: .microseconds(Int64(error.retryAfterMicroseconds)))
  }
}

extension Classification {
  init(_ wire: InferenceResult.Classification, of result: InferenceResult, image: Int, label: String) {
    classIndex = Int(wire.classIndex)
    self.label = label
    probability = wire.probability
    let first = image * result.classCount
    probabilities = (first..<first + result.classCount).map { result.probabilities[$0] }
    experts = result.experts(of: wire).map {
      ExpertShare(
        expert: Int($0.expert), process: $0.process, weight: $0.weight, tag: $0.tag, attempt: $0.attempt,
        snrDB: $0.snrDB, delivery: $0.delivery)
    }
    block = wire.block
    link = "\(result.link)"
    use = wire.use
    modelDigest = result.modelDigest.hex
  }
}
