/// Bytes that are no message: what was being read, what should have been there and what was.
package struct WireError: Error, Equatable, Sendable {
  /// "frame", or the name of the message.
  package let subject: String
  package let field: String
  package let expected: String
  package let received: String
  /// The code under which the other side is told.
  package let code: ErrorCode

  init(_ subject: String, _ field: String, expected: String, received: String, code: ErrorCode = .badRequest) {
    self.subject = subject
    self.field = field
    self.expected = expected
    self.received = received
    self.code = code
  }

  /// The same, as it is told to the other side.
  package var protocolError: ProtocolError { ProtocolError(code, description) }
}

extension WireError: CustomStringConvertible {
  package var description: String { "\(subject): \(field): expected \(expected), received \(received)" }
}
