package import WireProtocol

/// Why a connection ended.
package enum CloseReason: Equatable, Sendable {
  /// This side closed it.
  case local(String)
  /// The other side closed it.
  case endOfStream
  /// The system reported an error.
  case system(call: String, errno: Int32)
  /// What came is no frame, or not allowed; the other side was told.
  case violation(ProtocolError)
  /// The other side sent an error about the connection.
  case remote(ProtocolError)
  /// The other side read so slowly that the send queue was full.
  case slowReader(queuedBytes: Int)
  /// Nothing came for too long, or nothing was taken of what waits for the other side.
  case silent(milliseconds: Int)
  /// The byte transform (TLS) gave up.
  case transform(String)
}

extension CloseReason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .local(let why): "closed by this side: \(why)"
    case .endOfStream: "closed by the other side"
    case .system(let call, let errno): "\(call): \(describeSystemError(errno))"
    case .violation(let error): "protocol violation: \(error)"
    case .remote(let error): "the other side reports: \(error)"
    case .slowReader(let bytes): "the other side reads too slowly: \(bytes) bytes wait for it"
    case .silent(let milliseconds): "no sign of life for \(milliseconds) ms"
    case .transform(let problem): problem
    }
  }
}
