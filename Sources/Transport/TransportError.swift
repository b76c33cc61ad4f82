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
  case handshakeClosed(SocketAddress, CloseReason)
  /// We refused the other side.
  case refused(SocketAddress, ProtocolError)
  /// The other side refused us.
  case refusedByPeer(SocketAddress, ProtocolError)
  /// This side gave up before it was through.
  case cancelled(SocketAddress)
}

extension TransportError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .malformedAddress(let text, let problem): "\"\(text)\" is no address (HOST:PORT): \(problem)"
    case .notLoopback(let address):
      "refusing to listen at \(address), which others can reach, without TLS: give --tls-cert, --tls-key "
        + "and --tls-ca, or --insecure to do it all the same"
    case .cannotListen(let address, let problem): "cannot listen at \(address): \(problem)"
    case .cannotResolve(let address, let problem): "cannot resolve \(address): \(problem)"
    case .cannotConnect(let address, let problem): "cannot connect to \(address): \(problem)"
    case .timedOut(let address, let doing): "\(address): timed out while \(doing)"
    case .handshakeClosed(let address, let reason): "\(address): closed during the handshake: \(reason)"
    case .refused(let address, let error): "refused \(address): \(error)"
    case .refusedByPeer(let address, let error): "refused by \(address): \(error)"
    case .cancelled(let address): "\(address): given up"
    }
  }
}
