package import WireProtocol

/// Keeps a connection to one address: dials, says HELLO, and dials again for ever when it fails or ends.
// @unchecked: everything that changes is touched on the io queue only.
package final class Dialler: @unchecked Sendable {
  private enum State {
    /// Then ``dialling``.
    case idle
    /// Then ``connected``, ``waiting`` or ``cancelled``.
    case dialling(DialAttempt)
    /// Then ``waiting`` or ``cancelled``.
    case connected
    /// Until the timer has the next dial made: ``dialling``, or ``cancelled``.
    case waiting(TimerHandle)
    case cancelled
  }

  /// For resolving, connecting and the handshake of one dial together.
  private static let dialTimeout = Duration.seconds(5)
  /// A peer that stayed shorter is no sign that all is well again.
  private static let stableTime = Duration.seconds(2)

  package let address: SocketAddress
  private let io: IOQueue
  private let options: Peer.Options
  private let hello: @Sendable () -> Hello
  private let verify: @Sendable (Hello) throws(ProtocolError) -> Void
  private let onPeer: @Sendable (Peer) -> Void
  private let onFailure: @Sendable (TransportError, Duration) -> Void
  private var backoff: Backoff
  private var generator = SystemRandomNumberGenerator()
  private var state = State.idle

  /// Nothing happens before ``start()``. The handlers are called on the io queue.
  ///
  /// - Parameters:
  ///   - hello: ours, asked for at every dial; where it has changed when the dial succeeds, the other side is told at once.
  ///   - verify: may refuse the other side.
  ///   - onPeer: set the peer's handlers here.
  ///   - onFailure: a dial failed; the next follows after the delay.
  package init(
    address: SocketAddress, io: IOQueue, options: Peer.Options = .init(), backoff: Backoff = .init(),
    hello: @escaping @Sendable () -> Hello, verify: @escaping @Sendable (Hello) throws(ProtocolError) -> Void,
    onPeer: @escaping @Sendable (Peer) -> Void,
    onFailure: @escaping @Sendable (TransportError, _ retryAfter: Duration) -> Void
  ) {
    self.address = address
    self.io = io
    self.options = options
    self.backoff = backoff
    self.hello = hello
    self.verify = verify
    self.onPeer = onPeer
    self.onFailure = onFailure
  }

  /// On the io queue only.
  package func start() {
    io.assertCurrent()
    if case .idle = state { dial() }
  }

  /// Stops dialling; a connection that exists lives on. On the io queue only.
  package func cancel() {
    io.assertCurrent()
    let old = state
    state = .cancelled
    switch old {
    case .dialling(let attempt): attempt.cancel()
    case .waiting(let timer): timer.cancel()
    case .idle, .connected, .cancelled: break
    }
  }

  private func dial() {
    let attempt = DialAttempt(
      address, io: io, timeout: Self.dialTimeout, hello: hello(), options: options, verify: verify
    ) { self.dialled($0) }
    state = .dialling(attempt)
    attempt.start()
  }

  private func dialled(_ result: Result<Peer, TransportError>) {
    guard case .dialling = state else {
      if case .success(let peer) = result { peer.close("dialling was cancelled") }
      return
    }
    switch result {
    case .success(let peer):
      state = .connected
      let since = MonotonicTime.now
      peer.onEnd = { self.ended(since: since) }
      // Who announces a change reaches the peers that there are, and this one has only now become one.
      let detail = hello().detail
      if detail != peer.localHello.detail { peer.announce(detail) }
      onPeer(peer)
    case .failure(let error):
      let delay = backoff.next(using: &generator)
      wait(delay)
      onFailure(error, delay)
    }
  }

  private func ended(since start: MonotonicTime) {
    guard case .connected = state else { return }
    if MonotonicTime.now.duration(since: start) >= Self.stableTime { backoff.reset() }
    wait(backoff.next(using: &generator))
  }

  private func wait(_ delay: Duration) {
    state = .waiting(io.after(delay) { self.dial() })
  }
}

extension Dialler {
  /// Dials once; resolving, connecting and the handshake together take at most `timeout`. From any thread.
  ///
  /// - Parameter completion: called once, on the io queue: set the peer's handlers here.
  package static func dialOnce(
    _ address: SocketAddress, io: IOQueue, timeout: Duration, hello: Hello, options: Peer.Options = .init(),
    verify: @escaping @Sendable (Hello) throws(ProtocolError) -> Void = { _ in },
    completion: @escaping @Sendable (Result<Peer, TransportError>) -> Void
  ) {
    io.async {
      DialAttempt(
        address, io: io, timeout: timeout, hello: hello, options: options, verify: verify, completion: completion
      ).start()
    }
  }
}
