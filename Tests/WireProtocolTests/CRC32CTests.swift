import Testing
import WireProtocol

struct CRC32CTests {
  /// RFC 3720, appendix B.4, and the check value of the CRC catalogues.
  private static let known: [([UInt8], UInt32)] = [
    (Array("123456789".utf8), 0xE306_9283),
    ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
    ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
    (Array(0..<32), 0x46DD_794E),
    ((0..<32).reversed(), 0x113F_DB5C),
    ([], 0),
  ]

  @Test(arguments: known) func `known inputs have their known values`(input: [UInt8], value: UInt32) {
    #expect(input.withUnsafeBytes { CRC32C.of($0) } == value)
    #expect(input.withUnsafeBytes { CRC32C.portable(of: $0) } == value)
  }

  @Test func `the processor's instruction and the tables agree at every length and alignment`() {
    var generator = Generator(state: 4)
    let input = (0..<300).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    input.withUnsafeBytes { bytes in
      for start in 0..<9 {
        for end in start...bytes.count {
          let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
          #expect(CRC32C.of(piece) == CRC32C.portable(of: piece))
        }
      }
    }
  }

  @Test func `they agree over many kilobytes too`() {
    var generator = Generator(state: 5)
    let input = (0..<20_000).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    input.withUnsafeBytes { bytes in
      for end in stride(from: 1_400, through: bytes.count, by: 61) {
        let piece = UnsafeRawBufferPointer(rebasing: bytes[(end % 7)..<end])
        #expect(CRC32C.of(piece) == CRC32C.portable(of: piece))
      }
    }
  }

  @Test func `pieces have the value of the whole`() {
    let input = (0..<100).map { UInt8($0) }
    input.withUnsafeBytes { bytes in
      for cut in 0...bytes.count {
        var crc = CRC32C()
        crc.update(UnsafeRawBufferPointer(rebasing: bytes[..<cut]))
        crc.update(UnsafeRawBufferPointer(rebasing: bytes[cut...]))
        #expect(crc.value == CRC32C.of(bytes))
      }
    }
  }
}
