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
  private static let ownEnd = "the client has been closed"

  private let address: SocketAddress
  let options: InferenceClient.Options
  private let peerOptions: Peer.Options
  let io: IOQueue
  private let hello: Hello

  private var state = State.idle
  /// Connections that take nothing new, of which something is still open.
  private var leaving: [Peer] = []
  private(set) var model: ServedModel?
  private var underWay: [UInt64: Pending] = [:]
  private var nextRequestID: UInt64 = 1
  private var isSweeping = false

  private enum State {
    /// Becomes `dialling`.
    case idle
    /// Becomes `connected` or `idle`; the completions are called then.
    case dialling([(Result<Peer, InferenceError>) -> Void])
    /// Becomes `idle` when the connection ends or the other side says goodbye.
    case connected(Peer)
    /// The end.
    case closed
  }

  /// Makes a question's frame.
  typealias Encoding = (_ requestID: UInt64, _ remainingMicroseconds: UInt32) throws(InferenceError) -> FrameBuffer

  /// A question that waits for its answer.
  private struct Pending {
    let deadline: MonotonicTime
    /// Over which it was asked; nil until it was.
    var peer: Peer?
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
    peerOptions.handshakeTimeout = options.connectTimeout
    if let credentials { peerOptions.secure(with: credentials) }
    self.peerOptions = peerOptions
    do {
      io = try IOQueue(label: "moe-edge.client", logger: Logger(label: "moe-client"))
    } catch {
      throw .unreachable(address: address, reason: error.description)
    }
    hello = Self.makeHello(credentials?.isOperator ?? options.isOperator ? .operator : .client)
  }

  /// Another connection of the same kind to the same address, on the same queue.
  init(beside other: Session) {
    address = other.address
    options = other.options
    peerOptions = other.peerOptions
    io = other.io
    hello = Self.makeHello(other.hello.detail)
  }

  private static func makeHello(_ detail: Hello.Detail) -> Hello {
    let generation = MonotonicTime.now.nanoseconds
    return Hello(
      nodeID: "client-\(String(generation, radix: 36))", generation: generation, software: softwareVersion,
      detail: detail)
  }

  /// Runs `work` on the session's queue.
  func complete(_ work: @escaping @Sendable () -> Void) { io.async(work) }

  // MARK: Connecting

  /// Connects, unless it is connected, and gives what the base station serves.
  func connected() async throws(InferenceError) -> ServedModel {
    let result: Result<ServedModel, InferenceError> = await withCheckedContinuation { continuation in
      io.async { [self] in
        withPeer { [self] result in
          continuation.resume(
            returning: result.flatMap { _ in model.map(Result.success) ?? .failure(.connectionLost(reason: "closed")) })
        }
      }
    }
    return try result.get()
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
        guard case .baseStation(let detail) = other.detail else {
          throw ProtocolError(.badRequest, "\(other.nodeID) is no base station but of the role \(other.role)")
        }
        try Self.check(detail.inputShape)
      } completion: { [self] result in
        onDialled(result)
      }
    }
  }

  private func onDialled(_ result: Result<Peer, TransportError>) {
    guard case .dialling(let waiting) = state else {
      if case .success(let peer) = result { peer.close(Self.ownEnd) }
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
      model = ServedModel(peer.hello)
      peer.onHelloChanged = { [self, unowned peer] in onHelloChanged(of: peer) }
      peer.onFrame = { [self, unowned peer] in onFrame($0, from: peer) }
      peer.onClose = { [self, unowned peer] in onClosed(peer, $0) }
      outcome = .success(peer)
    }
    for body in waiting { body(outcome) }
  }

  /// Pictures are brought to the shape that the base station names: one image of it must fit a frame.
  private static func check(_ shape: ImageShape) throws(ProtocolError) {
    guard shape.count <= FrameLimits.standard.maximumFrameBytes else {
      throw ProtocolError(
        .tooLarge,
        "hello: input shape: expected images of at most \(FrameLimits.standard.maximumFrameBytes) bytes, "
          + "received \(shape)")
    }
  }

  /// Another model of the same shape may be served meanwhile; what is under way is of that shape.
  private func onHelloChanged(of peer: Peer) {
    guard let new = ServedModel(peer.hello) else { return }
    if let model, new.shape != model.shape {
      peer.close(
        telling: ProtocolError(.badRequest, "hello: input shape: expected \(model.shape), received \(new.shape)"))
    } else {
      model = new
    }
  }

  /// The base station takes nothing new: it answers what is open, and the next question goes over a connection made anew.
  private func onGoaway(of peer: Peer) {
    guard case .connected(let current) = state, current === peer else { return }
    state = .idle
    peer.onHelloChanged = nil
    leaving.append(peer)
  }

  /// Closes those of the connections that take nothing new over which nothing is open.
  private func closeLeft() {
    guard !leaving.isEmpty else { return }
    leaving.removeAll { peer in
      let isLeft = !underWay.values.contains { $0.peer === peer }
      if isLeft { peer.close("the base station takes nothing new") }
      return isLeft
    }
  }

  private func onClosed(_ peer: Peer, _ reason: CloseReason) {
    if case .connected(let current) = state, current === peer { state = .idle }
    leaving.removeAll { $0 === peer }
    for (requestID, pending) in underWay where pending.peer === peer {
      underWay[requestID] = nil
      pending.answer(.failure(.connectionLost(reason: reason.description)))
    }
  }

  /// Ends the connection; what is under way fails with ``InferenceError/closed``.
  func ended() async {
    await withCheckedContinuation { continuation in
      io.async { [self] in
        close()
        continuation.resume()
      }
    }
  }

  /// The same, without waiting for it.
  func end() { io.async { [self] in close() } }

  private func close() {
    let before = state
    state = .closed
    let lost = underWay
    underWay = [:]
    for pending in lost.values { pending.answer(.failure(.closed)) }
    for peer in leaving { peer.close(Self.ownEnd) }
    switch before {
    case .connected(let peer): peer.close(Self.ownEnd)
    case .dialling(let waiting): for body in waiting { body(.failure(.closed)) }
    case .idle, .closed: break
    }
  }

  // MARK: Asking

  /// Keeps what waits for the answer to a question and sends the question, over a connection that is made first if there
  /// is none: that takes of the question's time as well. On the session's queue only.
  func ask(
    until deadline: MonotonicTime, encode: @escaping Encoding,
    answer: @escaping (Result<Message, InferenceError>) -> Void
  ) {
    guard MonotonicTime.now < deadline else { return answer(.failure(.timedOut)) }
    let requestID = nextRequestID
    nextRequestID += 1
    underWay[requestID] = Pending(deadline: deadline, answer: answer)
    startSweeping()
    withPeer { [self] result in
      // It may have been given up while the connection was made.
      guard underWay[requestID] != nil else { return }
      do throws(InferenceError) {
        let peer = try result.get()
        let now = MonotonicTime.now
        guard now < deadline else { throw .timedOut }
        let frame = try encode(requestID, UInt32(clamping: deadline.microseconds(since: now)))
        guard frame.count <= Int(peer.hello.maximumFrameBytes) else {
          throw .tooLarge(bytes: frame.count, maximum: Int(peer.hello.maximumFrameBytes))
        }
        underWay[requestID]?.peer = peer
        peer.send(frame)
      } catch {
        underWay.removeValue(forKey: requestID)?.answer(.failure(error))
      }
    }
  }

  // MARK: Answers

  private func onFrame(_ frame: FrameBuffer, from peer: Peer) {
    do {
      let message = try Message(decoding: frame)
      defer { closeLeft() }
      if case .goaway = message { return onGoaway(of: peer) }
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

  // MARK: Time

  private func startSweeping() {
    guard !isSweeping else { return }
    isSweeping = true
    _ = io.after(Self.sweepInterval) { [self] in
      isSweeping = false
      let now = MonotonicTime.now
      for (requestID, pending) in underWay where pending.deadline <= now {
        underWay[requestID] = nil
        pending.peer?.send(.cancel, requestID: requestID)
        pending.answer(.failure(.timedOut))
      }
      closeLeft()
      if !underWay.isEmpty { startSweeping() }
    }
  }
}

extension ServedModel {
  /// What a base station says of itself; nil of another node.
  init?(_ hello: Hello) {
    guard case .baseStation(let detail) = hello.detail else { return nil }
    self.init(
      name: detail.modelName, digest: detail.digest.hex, channels: detail.inputShape.channels,
      height: detail.inputShape.height, width: detail.inputShape.width, labels: detail.classLabels,
      gate: detail.gate, link: "\(detail.link)")
  }
}
