import Radio
import Randomness
import Testing

struct ConvolutionalCodeTests {
  @Test func `a single 1 gives the two generators`() {
    // 133 = 1011011 and 171 = 1111001, one bit of each in turn, then zeros.
    #expect(encode([0x80]) == [0b1101_1111, 0b0010_1100, 0, 0])
  }

  @Test func `encoding is a shift register with two sums`() {
    var generator = CounterGenerator(seed: 22)
    for length in 0..<40 {
      let information = generator.bytes(length)
      var register = 0
      var code: [UInt8] = []
      for bit in bits(information) + [0, 0, 0, 0, 0, 0] {
        register = (register << 1 | Int(bit)) & 127
        code.append(UInt8((register & 0b110_1101).nonzeroBitCount & 1))
        code.append(UInt8((register & 0b100_1111).nonzeroBitCount & 1))
      }
      #expect(code.count == ConvolutionalCode.codedBitCount(informationBits: 8 * length))
      #expect(bits(encode(information)) == code + [0, 0, 0, 0])
    }
  }

  @Test func `the inverse finds the information`() {
    var generator = CounterGenerator(seed: 23)
    for length in 0..<40 {
      let information = generator.bytes(length)
      var found = [UInt8](repeating: 0xFF, count: length)
      encode(information).withUnsafeBytes { code in
        found.withUnsafeMutableBytes { ConvolutionalCode.information(ofCode: code, into: $0) }
      }
      #expect(found == information)
    }
  }

  @Test func `bit weights at distances 10, 12, 14, 16 are 36, 211, 1404, 11633`() {
    let known = [10: 36, 12: 211, 14: 1404, 16: 11633, 18: 77433, 20: 502690]
    #expect(Dictionary(uniqueKeysWithValues: Theory.distanceSpectrum.map { ($0.distance, $0.weight) }) == known)
  }
}

func encode(_ information: [UInt8]) -> [UInt8] {
  var code = [UInt8](
    repeating: 0xFF, count: ConvolutionalCode.codedByteCount(informationBytes: information.count))
  information.withUnsafeBytes { bytes in code.withUnsafeMutableBytes { ConvolutionalCode.encode(bytes, into: $0) } }
  return code
}

func bits(_ bytes: [UInt8]) -> [UInt8] {
  bytes.flatMap { byte in (0..<8).map { byte >> UInt8(7 - $0) & 1 } }
}
