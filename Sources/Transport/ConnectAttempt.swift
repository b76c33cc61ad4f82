internal import Glibc

/// Resolves a name and connects to one of its addresses after the other, all of it within a time.
// @unchecked: everything that changes is touched on the io queue only.
final class ConnectAttempt: @unchecked Sendable {
  private let address: SocketAddress
  private let io: IOQueue
  private let options: Connection.Options
  private let end: MonotonicTime
  /// Nil once it has been called.
  private var completion: ((Result<Connection, TransportError>) -> Void)?

  private var doing = "resolving the name"
  private var overallTimer: TimerHandle?
  private var addressTimer: TimerHandle?
  private var query: Resolver.Query?
  private var remaining: ArraySlice<ResolvedAddress> = []
  private var connecting: SocketWatch?
  private var lastProblem = "no address"

  /// - Parameter completion: called once, on the io queue, with a connection that has not started.
  init(
    _ address: SocketAddress, io: IOQueue, end: MonotonicTime, options: Connection.Options,
    completion: @escaping (Result<Connection, TransportError>) -> Void
  ) {
    self.address = address
    self.io = io
    self.end = end
    self.options = options
    self.completion = completion
  }

  func start() {
    io.assertCurrent()
    overallTimer = io.at(end) { self.complete(.failure(.timedOut(self.address, doing: self.doing))) }
    query = Resolver.shared.resolve(address, io: io) { result in
      guard self.completion != nil else { return }
      switch result {
      case .failure(let error): self.complete(.failure(error))
      case .success(let addresses):
        self.doing = "connecting"
        self.remaining = addresses[...]
        self.connectToNext()
      }
    }
  }

  func cancel() { complete(.failure(.cancelled(address))) }

  private func connectToNext() {
    addressTimer?.cancel()
    connecting?.cancel()
    connecting = nil
    guard let next = remaining.popFirst() else {
      return complete(.failure(.cannotConnect(address, problem: lastProblem)))
    }
    do throws(SystemError) {
      let (descriptor, isConnected) = try Socket.connecting(to: next)
      let socket = SocketWatch(owning: descriptor, poller: io.poller)
      connecting = socket
      if isConnected { return connected(socket) }
      socket.onWritable = { self.connected(socket) }
      socket.onBroken = { error in
        self.lastProblem = error?.reason ?? "hung up"
        self.connectToNext()
      }
      socket.watchWriting(true)
    } catch {
      lastProblem = error.reason
      return connectToNext()
    }
    if !remaining.isEmpty {
      // A share of the time that is left for each address, so that a black hole does not eat the others' time.
      addressTimer = io.after(end.duration(since: .now) / (remaining.count + 1)) {
        self.lastProblem = "timed out"
        self.connectToNext()
      }
    }
  }

  private func connected(_ socket: SocketWatch) {
    socket.watchWriting(false)
    if let error = Socket.pendingError(socket.descriptor) {
      lastProblem = error.reason
      return connectToNext()
    }
    let connection = Connection(socket: socket, io: io, options: options, dialled: address)
    guard connection.peerAddress != connection.localAddress else {
      // A dial to a free port of this machine may by chance come from that very port, and TCP connects it to itself.
      lastProblem = describeSystemError(ECONNREFUSED)
      return connectToNext()
    }
    connecting = nil
    complete(.success(connection))
  }

  private func complete(_ result: Result<Connection, TransportError>) {
    guard let completion else { return }
    self.completion = nil
    query?.cancel()
    overallTimer?.cancel()
    addressTimer?.cancel()
    connecting?.cancel()
    connecting = nil
    completion(result)
  }
}

extension Connection {
  /// Connects once, without a handshake. From any thread.
  ///
  /// - Parameter completion: called once, on the io queue, with a connection that has not started.
  package static func connect(
    to address: SocketAddress, io: IOQueue, timeout: Duration = .seconds(5), options: Options = .init(),
    completion: @escaping @Sendable (Result<Connection, TransportError>) -> Void
  ) {
    io.async {
      ConnectAttempt(
        address, io: io, end: .now.advanced(by: timeout), options: options, completion: completion
      ).start()
    }
  }
}
