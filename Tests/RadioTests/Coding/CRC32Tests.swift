import Radio
import Randomness
import Testing

struct CRC32Tests {
  @Test func `the check of the digits 1 to 9 is CBF43926`() {
    #expect(Array("123456789".utf8).withUnsafeBytes(CRC32.checksum) == 0xCBF4_3926)
    #expect([UInt8]().withUnsafeBytes(CRC32.checksum) == 0)
  }

  @Test func `eight bytes at a time give what one bit at a time gives`() {
    var generator = CounterGenerator(seed: 21)
    for length in 0..<70 {
      let bytes = generator.bytes(length)
      var crc = UInt32.max
      for byte in bytes {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1) * 0xEDB8_8320 }
      }
      #expect(bytes.withUnsafeBytes(CRC32.checksum) == ~crc)
    }
  }
}
