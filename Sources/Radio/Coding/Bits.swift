/// Writes bits into a buffer, the most significant bit of each byte first.
struct BitWriter {
  private let bytes: UnsafeMutableRawBufferPointer
  private var position: Int
  private var pending: UInt64 = 0
  private var count = 0

  /// Writes from byte `position` on.
  init(_ bytes: UnsafeMutableRawBufferPointer, from position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  /// Writes the `count` <= 32 low bits of `bits`; no others may be set.
  mutating func write(_ bits: UInt32, count: Int) {
    pending = pending << UInt64(count) | UInt64(bits)
    self.count += count
    if self.count >= 32 {
      self.count -= 32
      bytes.storeBytes(
        of: UInt32(truncatingIfNeeded: pending >> UInt64(self.count)).bigEndian, toByteOffset: position, as: UInt32.self
      )
      position += 4
    }
  }

  /// Fills the last byte with zeros; returns how many bytes of the buffer are in use.
  mutating func finish() -> Int {
    while count > 0 {
      let byte = count >= 8 ? pending >> UInt64(count - 8) : pending << UInt64(8 - count)
      bytes[position] = UInt8(truncatingIfNeeded: byte)
      position += 1
      count -= 8
    }
    count = 0
    return position
  }
}

/// Reads bits from a buffer, the most significant bit of each byte first; beyond its end there are zeros.
struct BitReader {
  private let bytes: UnsafeRawBufferPointer
  private var position: Int
  /// The next bits, at the top.
  private var window: UInt64 = 0
  private var valid = 0
  /// Bits that are left.
  private(set) var remaining: Int

  /// Reads from byte `position` on.
  init(_ bytes: UnsafeRawBufferPointer, from position: Int = 0) {
    self.bytes = bytes
    self.position = position
    remaining = 8 * (bytes.count - position)
  }

  /// The next 32 bits.
  mutating func peek() -> UInt32 {
    if valid < 32 { refill() }
    return UInt32(truncatingIfNeeded: window >> 32)
  }

  /// Passes `count` bits, at most the 32 of the last peek and those that remain.
  mutating func skip(_ count: Int) {
    window <<= UInt64(count)
    valid -= count
    remaining -= count
  }

  private mutating func refill() {
    if position + 4 <= bytes.count {
      let word = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
      window |= UInt64(word) << UInt64(32 - valid)
      position += 4
      valid += 32
    } else {
      while valid <= 56 {
        let byte = position < bytes.count ? bytes[position] : 0
        window |= UInt64(byte) << UInt64(56 - valid)
        position += 1
        valid += 8
      }
    }
  }
}
