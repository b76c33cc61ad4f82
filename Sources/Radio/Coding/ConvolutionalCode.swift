/// The convolutional code with constraint length K = 7, generators 133 and 171 (octal), rate 1/2, zero-terminated.
///
/// Every information bit, and each of six zero bits that follow the last, yields two code bits: the output of 133, then
/// that of 171. Bits stand in bytes with the most significant first. Free distance 10; weights of its error events in
/// ``Theory``.
public enum ConvolutionalCode {
  /// Zero bits that return the encoder to state 0.
  public static let tailBits = 6

  /// Code bits of a frame of `bits` information bits.
  public static func codedBitCount(informationBits bits: Int) -> Int { 2 * (bits + tailBits) }

  /// Bytes that the code bits of `bytes` information bytes fill; the last four bits are padding.
  public static func codedByteCount(informationBytes bytes: Int) -> Int { 2 * bytes + 2 }

  /// Encodes whole bytes; `code` receives ``codedByteCount(informationBytes:)`` bytes, its padding zero.
  public static func encode(_ information: UnsafeRawBufferPointer, into code: UnsafeMutableRawBufferPointer) {
    precondition(
      code.count == codedByteCount(informationBytes: information.count),
      "\(information.count) information bytes make \(codedByteCount(informationBytes: information.count)) code bytes")
    // 16 bits a step, the newest lowest, with 16 bits of history above them; a delay is a shift to the right.
    var window: UInt32 = 0
    var position = 0
    while position < information.count + 1 {
      let high = position < information.count ? information[position] : 0
      let low = position + 1 < information.count ? information[position + 1] : 0
      window = window << 16 | UInt32(high) << 8 | UInt32(low)
      // Taps of 133: delays 0, 2, 3, 5, 6; of 171: 0, 1, 2, 3, 6.
      let common = window ^ window >> 2 ^ window >> 3 ^ window >> 6
      let pairs = spread(common ^ window >> 5) << 1 | spread(common ^ window >> 1)
      let offset = 2 * position
      if offset + 4 <= code.count {
        code.storeBytes(of: pairs.bigEndian, toByteOffset: offset, as: UInt32.self)
      } else {
        code.storeBytes(of: UInt16(truncatingIfNeeded: pairs >> 16).bigEndian, toByteOffset: offset, as: UInt16.self)
      }
      position += 2
    }
    code[code.count - 1] &= 0xF0
  }

  /// The information bytes that were encoded, from error-free code bits: the encoder's feed-forward inverse.
  ///
  /// A simulated channel uses it to count the information bits that a decoder got wrong.
  public static func information(ofCode code: UnsafeRawBufferPointer, into information: UnsafeMutableRawBufferPointer) {
    precondition(code.count == codedByteCount(informationBytes: information.count), "code and information disagree")
    var window133: UInt32 = 0
    var window171: UInt32 = 0
    for position in 0..<information.count {
      let pairs = UInt32(code[2 * position]) << 8 | UInt32(code[2 * position + 1])
      window133 = window133 << 8 | gather(pairs >> 1)
      window171 = window171 << 8 | gather(pairs)
      information[position] = UInt8(truncatingIfNeeded: inverse(window133, window171))
    }
  }

  /// Bezout's identity over GF(2): (D² + D⁴) g133 + (1 + D + D² + D³ + D⁴) g171 = 1.
  private static func inverse(_ c133: UInt32, _ c171: UInt32) -> UInt32 {
    c133 >> 2 ^ c133 >> 4 ^ c171 ^ c171 >> 1 ^ c171 >> 2 ^ c171 >> 3 ^ c171 >> 4
  }

  /// Bit i of the lower half goes to bit 2i.
  private static func spread(_ x: UInt32) -> UInt32 {
    var x = x & 0xFFFF
    x = (x | x << 8) & 0x00FF_00FF
    x = (x | x << 4) & 0x0F0F_0F0F
    x = (x | x << 2) & 0x3333_3333
    return (x | x << 1) & 0x5555_5555
  }

  /// Bit 2i of the lower half goes to bit i.
  private static func gather(_ x: UInt32) -> UInt32 {
    var x = x & 0x5555
    x = (x | x >> 1) & 0x3333
    x = (x | x >> 2) & 0x0F0F
    return (x | x >> 4) & 0x00FF
  }
}
