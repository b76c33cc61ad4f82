package import WireProtocol

/// Why a connection ended.
package enum CloseReason: Equatable, Sendable {
  /// This side closed it.
  case local(String)
  /// The other side closed it.
  case endOfStream
  /// The system reported an error.
  case system(call: String, errno: Int32)
  /// What came is no frame or not allowed.
  case violation(ProtocolError)
  /// The other side sent an error about the connection.
  case remote(ProtocolError)
  /// The other side read so slowly that the send queue was full.
  case slowReader(queuedBytes: Int)
  /// Nothing came for too long.
  case silent(milliseconds: Int)
}

extension CloseReason: CustomStringConvertible {
  package var description: String { fatalError() }
}
