internal import WireProtocol

/// One dial: resolve, connect, say HELLO; all of it within a time.
// @unchecked: everything that changes is touched on the io queue only.
final class DialAttempt: @unchecked Sendable {
  private enum State {
    /// Then ``greeting`` or ``done``.
    case connecting(ConnectAttempt)
    /// Then ``done``.
    case greeting(Connection, timer: TimerHandle)
    case done
  }

  private let io: IOQueue
  private let address: SocketAddress
  private let end: MonotonicTime
  private let hello: Hello
  private let options: Peer.Options
  private let verify: @Sendable (Hello) throws(ProtocolError) -> Void
  private let completion: (Result<Peer, TransportError>) -> Void
  private var state = State.done

  /// - Parameter completion: called once, on the io queue.
  init(
    _ address: SocketAddress, io: IOQueue, timeout: Duration, hello: Hello, options: Peer.Options,
    verify: @escaping @Sendable (Hello) throws(ProtocolError) -> Void,
    completion: @escaping (Result<Peer, TransportError>) -> Void
  ) {
    self.io = io
    self.address = address
    end = .now.advanced(by: timeout)
    self.hello = hello
    self.options = options
    self.verify = verify
    self.completion = completion
  }

  func start() {
    let attempt = ConnectAttempt(address, io: io, end: end, options: options.connection) { result in
      switch result {
      case .success(let connection): self.greet(connection)
      case .failure(let error): self.complete(.failure(error))
      }
    }
    state = .connecting(attempt)
    attempt.start()
  }

  func cancel() {
    switch state {
    case .connecting(let attempt): attempt.cancel()
    case .greeting: complete(.failure(.cancelled(address)))
    case .done: break
    }
  }

  private func greet(_ connection: Connection) {
    let timer = io.at(end) {
      self.complete(.failure(.timedOut(self.address, doing: "waiting for its hello")))
    }
    state = .greeting(connection, timer: timer)
    Peer.initiate(connection, hello: hello, options: options, verify: verify) { self.complete($0) }
  }

  private func complete(_ result: Result<Peer, TransportError>) {
    let old = state
    state = .done
    switch old {
    case .done: return
    case .connecting: break
    case .greeting(let connection, let timer):
      timer.cancel()
      // The handshake closes what it refuses itself; this is for giving up in the middle of it.
      if case .failure = result, !connection.isClosed { connection.close("given up") }
    }
    completion(result)
  }
}
