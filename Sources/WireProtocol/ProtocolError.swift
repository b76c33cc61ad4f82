/// A failure told to the other side: of one request, of the whole connection (request id 0), which then ends, or as a
/// notice (``noticeRequestID``) about what is wrong with the receiver, which stays connected.
package struct ProtocolError: Error, Equatable, Sendable {
  /// The request id of an error that ends nothing.
  package static let noticeRequestID = UInt64.max
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

// Fields:
//      | code u16 | retryable u8 | reserved u8 | retry after µs u32 | message text16 |
extension ProtocolError: WireMessage {
  static let type = MessageType.error

  func write(to sink: inout some FieldSink) { writeFields(to: &sink) }

  func writeFields(to sink: inout some FieldSink) {
    sink.integer(code.rawValue)
    sink.flag(isRetryable)
    sink.integer(0 as UInt8)
    sink.integer(retryAfterMicroseconds)
    sink.text16(message, atMost: Self.maximumMessageBytes)
  }

  init(reading reader: inout FieldReader, from frame: FrameBuffer) throws(WireError) { try self.init(reading: &reader) }

  init(reading reader: inout FieldReader) throws(WireError) {
    code = try reader.enumeration("code")
    isRetryable = try reader.flag("retryable")
    try reader.reserved(UInt8.self)
    retryAfterMicroseconds = try reader.integer("retry after")
    message = try reader.text16("message", 0...Self.maximumMessageBytes)
  }
}
