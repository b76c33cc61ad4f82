/// The 32 bytes that open every frame, all little-endian.
///
///      0        4       5      6       8              12              16          24         28       32
///      | magic  |version| type | flags | fieldsLength | payloadLength | requestID | deadline | crc32c |
///      |  u32   |  u8   |  u8  |  u16  |     u32      |      u32      |    u64    |   u32    |  u32   |
package struct FrameHeader: Equatable, Sendable {
  package static let byteCount = 32
  /// "MOE1" in the order of the bytes on the wire.
  package static let magic: UInt32 = 0x3145_4F4D
  /// The same as it is sent.
  package static let magicBytes = Array("MOE1".utf8)

  package var version: UInt8
  package var type: MessageType
  /// The length of the message's fields, right behind the header.
  package var fieldsLength: UInt32
  /// The length of the bulk data, from the next multiple of 64 on.
  package var payloadLength: UInt32
  /// Chosen by the side that asks; 0 where nothing is answered.
  package var requestID: UInt64
  /// What is left of the request's time; 0 where it has no deadline.
  package var deadlineMicroseconds: UInt32

  package init(
    version: UInt8 = ProtocolVersions.first, type: MessageType, fieldsLength: UInt32, payloadLength: UInt32,
    requestID: UInt64, deadlineMicroseconds: UInt32
  ) {
    self.version = version
    self.type = type
    self.fieldsLength = fieldsLength
    self.payloadLength = payloadLength
    self.requestID = requestID
    self.deadlineMicroseconds = deadlineMicroseconds
  }

  /// Where the payload starts: a multiple of 64, or the end of the fields where there is none.
  package var payloadOffset: Int {
    let end = Self.byteCount + Int(fieldsLength)
    return payloadLength == 0 ? end : (end + AlignedBytes.alignment - 1) & ~(AlignedBytes.alignment - 1)
  }

  /// The length of the whole frame.
  package var frameLength: Int { payloadOffset + Int(payloadLength) }
}
