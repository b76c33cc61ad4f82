/// A failure told to the other side: of one request, or (request id 0) of the whole connection.
package struct ProtocolError: Error, Equatable, Sendable {
  package static let maximumMessageBytes = 1024

  package var code: ErrorCode
  /// Whether the same request may succeed later or through another node.
  package var isRetryable: Bool
  /// How long to wait before a retry; 0 where the sender does not know.
  package var retryAfterMicroseconds: UInt32
  /// One line for people; cut to ``maximumMessageBytes`` on the wire.
  package var message: String

  package init(_ code: ErrorCode, _ message: String, isRetryable: Bool? = nil, retryAfterMicroseconds: UInt32 = 0) {
    self.code = code
    self.message = message
    self.isRetryable = isRetryable ?? code.isRetryable
    self.retryAfterMicroseconds = retryAfterMicroseconds
  }
}

extension ProtocolError: CustomStringConvertible {
  package var description: String { message.isEmpty ? "\(code)" : "\(code): \(message)" }
}
