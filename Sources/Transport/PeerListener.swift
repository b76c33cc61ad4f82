internal import Logging
package import WireProtocol

/// A listener that hands over peers, their HELLO heard and answered.
package final class PeerListener: Sendable {
  package let listener: Listener

  package var address: SocketAddress { listener.address }

  /// Binds at once, on the caller's thread. A handshake that fails is logged.
  ///
  /// - Parameters:
  ///   - respond: on the io queue: our HELLO for that peer, or the error that refuses it.
  ///   - onPeer: on the io queue: set the peer's handlers here.
  package init(
    address: SocketAddress, io: IOQueue, options: Peer.Options = .init(),
    respond: @escaping @Sendable (Hello) throws(ProtocolError) -> Hello,
    onPeer: @escaping @Sendable (Peer) -> Void
  ) throws(TransportError) {
    var listenerOptions = Listener.Options()
    listenerOptions.connection = options.connection
    listenerOptions.maximumConnections = options.maximumConnections
    listener = try Listener(address: address, io: io, options: listenerOptions) { connection in
      Peer.accept(connection, options: options, respond: respond) { result in
        switch result {
        case .success(let peer): onPeer(peer)
        case .failure(let error): io.logger.notice("\(error)")
        }
      }
    }
  }

  /// Stops accepting; the peers live on. On the io queue only.
  package func close() { listener.close() }
}
