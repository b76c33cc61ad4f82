/// The cyclic redundancy check of IEEE 802.3: polynomial 0x04C11DB7, reflected, all ones before and after.
///
/// It finds every burst of up to 32 bits and lets a random corruption pass with probability 2^-32.
public enum CRC32 {
  /// The check of a run of bytes.
  public static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    tables.withUnsafeBufferPointer { table in
      var crc = UInt32.max
      var i = 0
      // Eight bytes at a time through eight tables ("slicing by 8", Kounavis and Berry 2005).
      while i + 8 <= bytes.count {
        let low = crc ^ UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: i, as: UInt32.self))
        let high = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: i + 4, as: UInt32.self))
        crc = table[7 << 8 | Int(low & 255)] ^ table[6 << 8 | Int(low >> 8 & 255)]
        crc ^= table[5 << 8 | Int(low >> 16 & 255)] ^ table[4 << 8 | Int(low >> 24)]
        crc ^= table[3 << 8 | Int(high & 255)] ^ table[2 << 8 | Int(high >> 8 & 255)]
        crc ^= table[1 << 8 | Int(high >> 16 & 255)] ^ table[Int(high >> 24)]
        i += 8
      }
      for byte in bytes[i...] { crc = crc >> 8 ^ table[Int((crc ^ UInt32(byte)) & 255)] }
      return ~crc
    }
  }

  /// `tables[256 k + b]`: what byte b does to the remainder when k more bytes follow.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 << 8)
    for byte in 0..<256 {
      tables[byte] = (0..<8).reduce(UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    for i in 256..<tables.count { tables[i] = tables[i - 256] >> 8 ^ tables[Int(tables[i - 256] & 255)] }
    return tables
  }()
}
