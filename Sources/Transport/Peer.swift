package import WireProtocol

/// A connection whose two sides have said HELLO: knows the other side, watches that it lives, checks what it sends.
///
/// Answers pings itself; every other frame goes to ``onFrame``. All members: on the io queue only.
package final class Peer: @unchecked Sendable {
  package struct Options: Sendable {
    package var connection = Connection.Options()
    package var handshakeTimeout: Duration = .seconds(2)
    /// How often to ping a silent peer.
    package var heartbeatInterval: Duration = .milliseconds(100)
    /// How long a silent peer counts as alive.
    package var heartbeatTimeout: Duration = .milliseconds(300)
    package init() {}
  }

  /// What the other side said; replaced when it says it again.
  package private(set) var hello: Hello
  package let version: UInt8
  package let connection: Connection
  package var role: Role { hello.role }
  package var address: SocketAddress { connection.peerAddress }

  /// Every frame but pings, pongs and errors about the connection.
  package var onFrame: ((FrameBuffer) -> Void)?
  package var onClose: ((CloseReason) -> Void)?
  /// Called when the other side has said HELLO again, its detail changed; ``hello`` is the new one.
  package var onHelloChanged: (() -> Void)?
  /// The other side's queue depth, at each pong.
  package var onPong: ((_ queueDepth: UInt16, _ roundTripMicroseconds: UInt64) -> Void)?
  /// Told to the other side in pongs.
  package var queueDepth: UInt16 = 0

  init(hello: Hello, version: UInt8, connection: Connection) {
    self.hello = hello
    self.version = version
    self.connection = connection
  }

  package func send(_ frame: FrameBuffer) { connection.send(frame) }
  package func send(_ message: Message, requestID: UInt64 = 0, deadlineMicroseconds: UInt32 = 0) {
    connection.send(message.encode(requestID: requestID, deadlineMicroseconds: deadlineMicroseconds))
  }
  /// Tells the other side why and closes.
  package func close(telling error: ProtocolError) { fatalError() }
  package func close(_ why: String) { connection.close(why) }

  /// The side that was dialled: waits for HELLO, answers with what `respond` gives for it, or with its error.
  package static func accept(
    _ connection: Connection, options: Options = .init(),
    respond: @escaping (Hello) throws(ProtocolError) -> Hello,
    completion: @escaping (Result<Peer, TransportError>) -> Void
  ) { fatalError() }

  /// The side that dialled: says `hello`, waits for the other's, which `verify` may refuse.
  package static func initiate(
    _ connection: Connection, hello: Hello, options: Options = .init(),
    verify: @escaping (Hello) throws(ProtocolError) -> Void,
    completion: @escaping (Result<Peer, TransportError>) -> Void
  ) { fatalError() }
}
