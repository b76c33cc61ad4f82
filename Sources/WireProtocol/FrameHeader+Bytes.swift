extension FrameHeader {
  private static let crcOffset = 28

  func store(to bytes: UnsafeMutableRawBufferPointer) {
    bytes.storeBytes(of: Self.magic.littleEndian, toByteOffset: 0, as: UInt32.self)
    bytes.storeBytes(of: version, toByteOffset: 4, as: UInt8.self)
    bytes.storeBytes(of: type.rawValue, toByteOffset: 5, as: UInt8.self)
    bytes.storeBytes(of: 0, toByteOffset: 6, as: UInt16.self)
    bytes.storeBytes(of: fieldsLength.littleEndian, toByteOffset: 8, as: UInt32.self)
    bytes.storeBytes(of: payloadLength.littleEndian, toByteOffset: 12, as: UInt32.self)
    bytes.storeBytes(of: requestID.littleEndian, toByteOffset: 16, as: UInt64.self)
    bytes.storeBytes(of: deadlineMicroseconds.littleEndian, toByteOffset: 24, as: UInt32.self)
  }

  /// The header at the start of `bytes`, which are at least ``byteCount``; the CRC is not looked at.
  ///
  /// - Throws: ``WireError`` where it is none or the frame is larger than the limit.
  init(loading bytes: UnsafeRawBufferPointer, limits: FrameLimits) throws(WireError) {
    func load<Value: FixedWidthInteger>(_ offset: Int, _ type: Value.Type) -> Value {
      Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
    try Self.checkMagic(bytes)
    let version = load(4, UInt8.self)
    let supported = ProtocolVersions.supported
    guard version >= supported.minimum, version <= supported.maximum else {
      throw WireError(
        "frame", "version", expected: "\(supported.minimum) to \(supported.maximum)", received: "\(version)",
        code: .unsupportedVersion)
    }
    guard let type = MessageType(rawValue: load(5, UInt8.self)) else {
      throw WireError("frame", "type", expected: "1 to \(MessageType.allCases.count)", received: "\(bytes[5])")
    }
    let flags = load(6, UInt16.self)
    guard flags == 0 else { throw WireError("frame", "flags", expected: "0", received: "\(flags)") }
    self.init(
      version: version, type: type, fieldsLength: load(8, UInt32.self), payloadLength: load(12, UInt32.self),
      requestID: load(16, UInt64.self), deadlineMicroseconds: load(24, UInt32.self))
    guard frameLength <= limits.maximumFrameBytes else {
      throw WireError(
        "frame", "length", expected: "at most \(limits.maximumFrameBytes) bytes", received: "\(frameLength) bytes",
        code: .tooLarge)
    }
  }

  /// Whether `bytes`, of which there may be fewer than a header's, start like a frame.
  ///
  /// Another protocol on this port is then refused by its first bytes instead of being waited for.
  static func checkMagic(_ bytes: UnsafeRawBufferPointer) throws(WireError) {
    for index in 0..<min(4, bytes.count) where bytes[index] != UInt8(truncatingIfNeeded: magic >> (8 * index)) {
      let shown = bytes.prefix(4).map { String(hex: $0) }.joined(separator: " ")
      // Records of TLS begin with their type, 21 to 23, and a 3; the ports of those who speak it and who do not are
      // easily mixed up.
      let isTLS = (0x15...0x17).contains(bytes[0]) && (bytes.count < 2 || bytes[1] == 3)
      throw WireError(
        "frame", "magic", expected: "4d 4f 45 31 (MOE1)",
        received: isTLS ? "\(shown): TLS, which this side has no certificate for" : shown)
    }
  }

  /// The CRC of everything but the CRC itself.
  static func crc(ofFrame bytes: UnsafeRawBufferPointer) -> UInt32 {
    var crc = CRC32C()
    crc.update(UnsafeRawBufferPointer(rebasing: bytes[..<crcOffset]))
    crc.update(UnsafeRawBufferPointer(rebasing: bytes[byteCount...]))
    return crc.value
  }

  static func storedCRC(in bytes: UnsafeRawBufferPointer) -> UInt32 {
    UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: crcOffset, as: UInt32.self))
  }

  static func storeCRC(_ crc: UInt32, to bytes: UnsafeMutableRawBufferPointer) {
    bytes.storeBytes(of: crc.littleEndian, toByteOffset: crcOffset, as: UInt32.self)
  }
}

extension String {
  /// All digits of the number, also the leading zeros.
  init<Value: FixedWidthInteger>(hex value: Value) {
    let digits = String(value, radix: 16)
    self = String(repeating: "0", count: 2 * MemoryLayout<Value>.size - digits.utf8.count) + digits
  }
}
