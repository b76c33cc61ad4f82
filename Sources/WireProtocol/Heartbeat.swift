/// Asks whether the other side lives; answered by a ``Pong`` with the same token.
package struct Ping: Equatable, Sendable {
  /// Opaque to the other side.
  package var token: UInt64

  package init(token: UInt64) { self.token = token }
}

package struct Pong: Equatable, Sendable {
  package var token: UInt64
  /// Latents that wait at the sender; 0 where it is no expert.
  package var queueDepth: UInt16

  package init(token: UInt64, queueDepth: UInt16) {
    self.token = token
    self.queueDepth = queueDepth
  }
}

// Fields:
//      | token u64 |
extension Ping: WireMessage {
  static let type = MessageType.ping

  func writeFields(to sink: inout some FieldSink) { sink.integer(token) }

  init(reading reader: inout FieldReader, from frame: FrameBuffer) throws(WireError) {
    token = try reader.integer("token")
  }
}

// Fields:
//      | token u64 | queue depth u16 |
extension Pong: WireMessage {
  static let type = MessageType.pong

  func writeFields(to sink: inout some FieldSink) {
    sink.integer(token)
    sink.integer(queueDepth)
  }

  init(reading reader: inout FieldReader, from frame: FrameBuffer) throws(WireError) {
    token = try reader.integer("token")
    queueDepth = try reader.integer("queue depth")
  }
}
