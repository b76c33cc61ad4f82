/// Says that the sender takes no new work on this connection; what is in flight is finished.
package struct Goaway: Equatable, Sendable {
  package enum Reason: UInt8, Sendable, CaseIterable {
    case shutdown = 1
    case reload = 2
    case overload = 3
  }

  package var reason: Reason
  /// When the sender will close the connection at the latest.
  package var graceMicroseconds: UInt32
  package var message: String

  package init(reason: Reason, graceMicroseconds: UInt32, message: String = "") {
    self.reason = reason
    self.graceMicroseconds = graceMicroseconds
    self.message = message
  }
}

// Fields:
//      | reason u8 | grace µs u32 | message text8 |
extension Goaway: WireMessage {
  static let type = MessageType.goaway

  func writeFields(to sink: inout some FieldSink) {
    sink.integer(reason.rawValue)
    sink.integer(graceMicroseconds)
    sink.text8(message)
  }

  init(reading reader: inout FieldReader, from frame: FrameBuffer) throws(WireError) {
    reason = try reader.enumeration("reason")
    graceMicroseconds = try reader.integer("grace")
    message = try reader.text8("message", 0...255)
  }
}
