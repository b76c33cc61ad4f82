package import WireProtocol

/// Why a listener, a dial or a handshake failed: one clear line each.
package enum TransportError: Error, Equatable, Sendable {
  case malformedAddress(String, problem: String)
  case notLoopback(SocketAddress)
  case cannotListen(SocketAddress, problem: String)
  case cannotResolve(SocketAddress, problem: String)
  case cannotConnect(SocketAddress, problem: String)
  /// The time for resolving, connecting and the handshake together was up.
  case timedOut(SocketAddress, doing: String)
  /// The connection closed during the handshake.
  case handshakeClosed(CloseReason)
  /// We refused the other side.
  case refused(ProtocolError)
  /// The other side refused us.
  case refusedByPeer(ProtocolError)
}

extension TransportError: CustomStringConvertible {
  package var description: String { fatalError() }
}
