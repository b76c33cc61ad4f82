package import WireProtocol

/// A listener that hands over peers, their HELLO heard and answered.
package final class PeerListener: Sendable {
  package let listener: Listener
  package var address: SocketAddress { listener.address }

  /// - Parameters:
  ///   - respond: on the io queue: our HELLO for that peer, or the error that refuses it.
  ///   - onPeer: on the io queue: set the peer's handlers here.
  package init(
    address: SocketAddress, io: IOQueue, options: Peer.Options = .init(),
    respond: @escaping @Sendable (Hello) throws(ProtocolError) -> Hello,
    onPeer: @escaping @Sendable (Peer) -> Void
  ) throws(TransportError) { fatalError() }

  package func close() { listener.close() }
}
