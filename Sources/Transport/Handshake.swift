package import WireProtocol

extension Peer {
  /// The side that was dialled: waits for HELLO, answers with what `respond` gives for it, or with its error.
  ///
  /// Starts the connection. `completion` is called once, on the io queue.
  package static func accept(
    _ connection: Connection, options: Options = .init(),
    respond: @escaping (Hello) throws(ProtocolError) -> Hello,
    completion: @escaping (Result<Peer, TransportError>) -> Void
  ) {
    let handshake = Handshake(connection, options: options, completion: completion)
    handshake.begin { hello throws(ProtocolError) in
      let own = try respond(hello)
      let version = try own.versions.negotiated(with: hello.versions)
      connection.send(Message.hello(own).encode(requestID: 0))
      return (own, version)
    }
  }

  /// The side that dialled: says `hello`, waits for the other's, which `verify` may refuse.
  ///
  /// Starts the connection. `completion` is called once, on the io queue.
  package static func initiate(
    _ connection: Connection, hello own: Hello, options: Options = .init(),
    verify: @escaping (Hello) throws(ProtocolError) -> Void,
    completion: @escaping (Result<Peer, TransportError>) -> Void
  ) {
    let handshake = Handshake(connection, options: options, completion: completion)
    handshake.begin { hello throws(ProtocolError) in
      let version = try own.versions.negotiated(with: hello.versions)
      try verify(hello)
      return (own, version)
    }
    connection.send(Message.hello(own).encode(requestID: 0))
  }
}

/// Waits for the other side's HELLO, for a limited time.
private final class Handshake {
  private let connection: Connection
  private let options: Peer.Options
  /// Nil once it has been called.
  private var completion: ((Result<Peer, TransportError>) -> Void)?
  private var timer: TimerHandle?

  init(
    _ connection: Connection, options: Peer.Options,
    completion: @escaping (Result<Peer, TransportError>) -> Void
  ) {
    self.connection = connection
    self.options = options
    self.completion = completion
  }

  /// - Parameter judge: what this side has said or now says, and the version agreed on; or why not.
  func begin(judge: @escaping (Hello) throws(ProtocolError) -> (own: Hello, version: UInt8)) {
    connection.io.assertCurrent()
    connection.onFrame = { self.receive($0, judge: judge) }
    connection.onClose = { [address = connection.peerAddress] reason in
      self.complete(.failure(.handshakeClosed(address, reason)))
    }
    connection.start()
    timer = connection.io.after(options.handshakeTimeout) { self.timedOut() }
  }

  private func receive(_ frame: FrameBuffer, judge: (Hello) throws(ProtocolError) -> (own: Hello, version: UInt8)) {
    let message: Message
    do throws(WireError) {
      message = try Message(decoding: frame)
    } catch {
      return refuse(error.protocolError)
    }
    switch message {
    case .hello(let hello):
      do throws(ProtocolError) {
        try connection.transform?.check(hello)
        let (own, version) = try judge(hello)
        let peer = Peer(connection: connection, localHello: own, hello: hello, version: version, options: options)
        complete(.success(peer))
      } catch {
        refuse(error)
      }
    case .error(let error):
      connection.close("refused by the other side")
      complete(.failure(.refusedByPeer(connection.peerAddress, error)))
    default:
      refuse(ProtocolError(.badRequest, "expected hello first, received \(message.type)"))
    }
  }

  private func refuse(_ error: ProtocolError) {
    // First, so that who is told of the failure finds the connection closing already and lets the error be written.
    connection.violation(error)
    complete(.failure(.refused(connection.peerAddress, error)))
  }

  private func timedOut() {
    guard completion != nil else { return }
    connection.violation(ProtocolError(.timeout, "no hello within \(options.handshakeTimeout)"))
    complete(.failure(.timedOut(connection.peerAddress, doing: "waiting for its hello")))
  }

  private func complete(_ result: Result<Peer, TransportError>) {
    guard let completion else { return }
    self.completion = nil
    timer?.cancel()
    if case .failure = result {
      connection.onFrame = nil
      connection.onClose = nil
    }
    completion(result)
  }
}
