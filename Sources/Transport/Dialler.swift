package import WireProtocol

/// Keeps a connection to one address: dials, says HELLO, and dials again for ever when it fails or ends.
package final class Dialler: @unchecked Sendable {
  package let address: SocketAddress

  /// Nothing happens before ``start()``. The handlers are called on the io queue.
  ///
  /// - Parameters:
  ///   - hello: ours, asked for at every dial.
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
  }

  package func start() { fatalError() }
  /// Stops dialling; a connection that exists lives on.
  package func cancel() { fatalError() }

  /// Dials once; resolving, connecting and the handshake together take at most `timeout`.
  package static func dialOnce(
    _ address: SocketAddress, io: IOQueue, timeout: Duration, hello: Hello, options: Peer.Options = .init(),
    verify: @escaping @Sendable (Hello) throws(ProtocolError) -> Void,
    completion: @escaping @Sendable (Result<Peer, TransportError>) -> Void
  ) { fatalError() }
}
