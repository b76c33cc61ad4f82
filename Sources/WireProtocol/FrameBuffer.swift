/// One whole frame, checked (magic, version, type, lengths, CRC); a value, whose bytes do not change.
package struct FrameBuffer: Sendable {
  package internal(set) var header: FrameHeader
  /// Exactly the frame's bytes.
  package internal(set) var storage: AlignedBytes

  init(header: FrameHeader, storage: AlignedBytes) {
    self.header = header
    self.storage = storage
  }

  package var type: MessageType { header.type }
  package var requestID: UInt64 { header.requestID }
  package var deadlineMicroseconds: UInt32 { header.deadlineMicroseconds }

  /// The length of the frame on the wire.
  package var count: Int { header.frameLength }

  /// The frame as it goes over the wire; valid only within `body`.
  package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(storage) { try body(UnsafeRawBufferPointer(start: storage.start, count: count)) }
  }
}
