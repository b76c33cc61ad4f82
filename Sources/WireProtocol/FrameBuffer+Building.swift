extension FrameBuffer {
  /// A frame whose fields and payload the closures write, all of them; the padding and the CRC follow.
  init(
    header: FrameHeader, writingFields writeFields: (UnsafeMutableRawPointer) -> Void,
    writingPayload writePayload: (UnsafeMutableRawBufferPointer) -> Void
  ) {
    let storage = AlignedBytes(count: header.frameLength)
    let bytes = storage.mutableBytes
    header.store(to: bytes)
    writeFields(storage.start + FrameHeader.byteCount)
    let end = FrameHeader.byteCount + Int(header.fieldsLength)
    UnsafeMutableRawBufferPointer(rebasing: bytes[end..<header.payloadOffset]).initializeMemory(
      as: UInt8.self, repeating: 0)
    if header.payloadLength > 0 {
      writePayload(UnsafeMutableRawBufferPointer(rebasing: bytes[header.payloadOffset...]))
    }
    FrameHeader.storeCRC(FrameHeader.crc(ofFrame: UnsafeRawBufferPointer(bytes)), to: bytes)
    self.init(header: header, storage: storage)
  }

  /// A whole frame that has arrived, its header read already.
  ///
  /// - Throws: ``WireError`` where the CRC does not match or the padding is not zeros.
  init(checking storage: AlignedBytes, header: FrameHeader) throws(WireError) {
    let bytes = storage.bytes
    let carried = FrameHeader.storedCRC(in: bytes)
    let computed = FrameHeader.crc(ofFrame: bytes)
    guard carried == computed else {
      throw WireError("frame", "crc32c", expected: String(hex: computed), received: String(hex: carried))
    }
    let padding = bytes[(FrameHeader.byteCount + Int(header.fieldsLength))..<header.payloadOffset]
    guard padding.allSatisfy({ $0 == 0 }) else {
      throw WireError("frame", "padding", expected: "zeros", received: "other bytes")
    }
    self.init(header: header, storage: storage)
  }
}

extension FrameBuffer {
  var fields: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: storage.start + FrameHeader.byteCount, count: Int(header.fieldsLength))
  }

  /// The payload as that many finite floats.
  func floatPayload(count: Int, _ field: StaticString, _ reader: FieldReader) throws(WireError) -> FloatPayload {
    try requirePayload(count: count, bytesEach: 4, field, reader)
    let payload = FloatPayload(storage: storage, offset: header.payloadOffset, count: count)
    if let index = payload.firstNonFinite {
      throw reader.error(field, expected: "finite numbers", received: "\(payload[index]) at \(index)")
    }
    return payload
  }

  /// The payload as that many elements of so many bytes.
  func bytePayload(
    count: Int, bytesEach: Int, _ field: StaticString, _ reader: FieldReader
  ) throws(WireError) -> BytePayload {
    try requirePayload(count: count, bytesEach: bytesEach, field, reader)
    return BytePayload(storage: storage, offset: header.payloadOffset, count: Int(header.payloadLength))
  }

  private func requirePayload(
    count: Int, bytesEach: Int, _ field: StaticString, _ reader: FieldReader
  ) throws(WireError) {
    let (expected, overflow) = count.multipliedReportingOverflow(by: bytesEach)
    guard !overflow, expected == Int(header.payloadLength) else {
      throw reader.error(
        field, expected: "\(count) times \(bytesEach) bytes of payload",
        received: "\(header.payloadLength) bytes")
    }
  }
}

extension FloatPayload {
  /// The index of the first float that is infinite or no number.
  var firstNonFinite: Int? {
    withUnsafeBufferPointer { floats in
      // An exponent of all ones. Sixteen at once, without a branch; every payload starts at a multiple of 64.
      let exponent = SIMD16<UInt32>(repeating: 0x7F80_0000)
      let bytes = UnsafeRawBufferPointer(floats)
      let whole = bytes.count & ~63
      var isBad = SIMDMask<SIMD16<Int32>>(repeating: false)
      for offset in stride(from: 0, to: whole, by: 64) {
        isBad .|= (bytes.load(fromByteOffset: offset, as: SIMD16<UInt32>.self) & exponent) .== exponent
      }
      let isFinite = isBad == SIMDMask(repeating: false) && floats[(whole / 4)...].allSatisfy(\.isFinite)
      return isFinite ? nil : floats.firstIndex { !$0.isFinite }
    }
  }

  func copy(to bytes: UnsafeMutableRawBufferPointer, _ field: StaticString) {
    precondition(4 * count == bytes.count, "\(field): \(count) floats for \(bytes.count) bytes")
    withUnsafeBufferPointer { bytes.copyMemory(from: UnsafeRawBufferPointer($0)) }
  }
}

extension BytePayload {
  func copy(to bytes: UnsafeMutableRawBufferPointer, _ field: StaticString) {
    precondition(count == bytes.count, "\(field): \(count) bytes for \(bytes.count)")
    withUnsafeBytes { bytes.copyMemory(from: $0) }
  }
}
