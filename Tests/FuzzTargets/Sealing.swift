import WireProtocol

/// Gives every whole frame of a stream the CRC that it should have, which no mutation finds by itself.
func reseal(_ stream: inout [UInt8]) {
  var start = 0
  while start + FrameHeader.byteCount <= stream.count {
    let header = FrameHeader(
      type: .ping, fieldsLength: word(stream, start + 8), payloadLength: word(stream, start + 12), requestID: 0,
      deadlineMicroseconds: 0)
    let end = start + header.frameLength
    guard end <= stream.count else { return }
    seal(&stream, start..<end)
    start = end
  }
}

/// A frame of these parts.
func sealedFrame(type: UInt8, fields: ArraySlice<UInt8>, payload: ArraySlice<UInt8>) -> [UInt8] {
  let header = FrameHeader(
    type: .ping, fieldsLength: UInt32(fields.count), payloadLength: UInt32(payload.count), requestID: 0,
    deadlineMicroseconds: 0)
  var frame = [UInt8](repeating: 0, count: header.frameLength)
  frame.replaceSubrange(0..<4, with: FrameHeader.magicBytes)
  frame[4] = header.version
  frame[5] = type
  for byte in 0..<4 {
    frame[8 + byte] = UInt8(truncatingIfNeeded: header.fieldsLength >> (8 * byte))
    frame[12 + byte] = UInt8(truncatingIfNeeded: header.payloadLength >> (8 * byte))
  }
  frame.replaceSubrange(FrameHeader.byteCount..<FrameHeader.byteCount + fields.count, with: fields)
  frame.replaceSubrange(frame.count - payload.count..<frame.count, with: payload)
  seal(&frame, frame.indices)
  return frame
}

private func seal(_ bytes: inout [UInt8], _ frame: Range<Int>) {
  var crc = CRC32C()
  bytes[frame].withUnsafeBytes {
    crc.update(UnsafeRawBufferPointer(rebasing: $0[..<28]))
    crc.update(UnsafeRawBufferPointer(rebasing: $0[FrameHeader.byteCount...]))
  }
  for byte in 0..<4 { bytes[frame.lowerBound + 28 + byte] = UInt8(truncatingIfNeeded: crc.value >> (8 * byte)) }
}

private func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
  (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) }
}
