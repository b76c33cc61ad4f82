import Radio
import Randomness
import Testing

struct LatentCodecTests {
  @Test func `a packet's bytes are those of the documented layout`() throws {
    let codec = LatentCodec(table: .uniform, latentMean: [0, 0, 0])
    let packet = try codec.encode([-1, 2, 0.5])
    // Huffman where it is not longer: eight bits a value here, 0, 255 and 128 (127.5 to even).
    let values: [UInt8] = [0x00, 0xFF, 0x80]
    let body: [UInt8] = [0, 0xBF, 0x80, 0, 0, 0x40, 0, 0, 0] + values
    let check = body.withUnsafeBytes(CRC32.checksum)
    let information = body + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: check >> $0) }
    #expect(packet.bytes == [0, 0, 0x80, 0xBF, 0, 0, 0, 0x40, 3, 0, 0, 0] + encode(information))
    #expect(packet.informationByteCount == 16 && packet.codedBitCount == 268 && packet.symbolCount == 67)
    #expect(packet.range == LatentRange(minimum: -1, maximum: 2) && packet.coding == .huffman)
  }

  @Test func `a codeword that arrives whole gives the quantised latents`() throws {
    var generator = CounterGenerator(seed: 81)
    for (table, length) in [(try skewedTable(), 120), (try skewedTable(), 512), (.uniform, 7), (.uniform, 0)] {
      let codec = LatentCodec(table: table, latentMean: [Float](repeating: 9, count: length))
      for _ in 0..<200 {
        let z = generator.gaussians(length)
        let (range, values) = try quantise(z)
        let decoded = codec.decode(information(of: try codec.encode(z)))
        #expect(decoded == reconstruct(values, range))
      }
    }
  }

  @Test func `values that Huffman would lengthen are sent as they are`() throws {
    // The table expects values near 128; a vector of extremes takes up to 15 bits each.
    let codec = LatentCodec(table: try skewedTable(), latentMean: [Float](repeating: 0, count: 100))
    let extremes = (0..<100).map { Float($0 % 2) }
    let packet = try codec.encode(extremes)
    #expect(packet.coding == .raw && packet.informationByteCount == 13 + 100)
    #expect(packet.bytes.count == CodedLatent.maximumLength(latentCount: 100))
    #expect(codec.decode(information(of: packet)) == extremes)
    let usual = try codec.encode((0..<100).map { $0 == 0 ? -10 : $0 == 1 ? 10 : Float($0 % 3) / 10 })
    #expect(usual.coding == .huffman && usual.informationByteCount < 13 + 60)
  }

  @Test func `any wrong bit of a codeword is found`() throws {
    let codec = LatentCodec(table: try skewedTable(), latentMean: [Float](repeating: 0, count: 20))
    var generator = CounterGenerator(seed: 82)
    let whole = information(of: try codec.encode(generator.gaussians(20)))
    for bit in 0..<8 * whole.count {
      var damaged = whole
      damaged[bit / 8] ^= 128 >> UInt8(bit % 8)
      #expect(codec.decode(damaged) == nil)
    }
    for length in 0..<whole.count { #expect(codec.decode(Array(whole[..<length])) == nil) }
    #expect(codec.decode(whole + [0]) == nil)
  }

  @Test func `content that no encoder writes is refused even under a valid check`() throws {
    let codec = LatentCodec(table: try skewedTable(), latentMean: [Float](repeating: 0, count: 9))
    let vector = try #require(
      (0..<100).lazy.map { [0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, Float($0) / 100, 1] }.first { z in
        try quantise(z).values.withUnsafeBufferPointer(codec.table.bitCount) % 8 > 0
      })
    #expect(try codec.encode(vector).coding == .huffman)
    let good = information(of: try codec.encode(vector))
    let nan: [UInt8] = [0x7F, 0xC0, 0, 0]
    #expect(codec.decode(sealed(good.dropLast(4))) != nil)
    #expect(codec.decode(sealed([2] + good[1...].dropLast(4))) == nil)  // coding
    #expect(codec.decode(sealed(good[..<1] + nan + good[5...].dropLast(4))) == nil)  // z_min
    #expect(codec.decode(sealed(good[..<1] + good[5..<9] + good[1..<5] + good[9...].dropLast(4))) == nil)  // order
    #expect(codec.decode(sealed(good.dropLast(5) + [good[good.count - 5] ^ 1])) == nil)  // padding
    #expect(codec.decode(sealed(good.dropLast(4) + [0])) == nil)  // a byte too many
  }

  @Test func `damaged codewords give what came, the mean for what did not, and drop surplus`() throws {
    let mean: [Float] = (0..<40).map { Float($0) }
    let codec = LatentCodec(table: try skewedTable(), latentMean: mean)
    var generator = CounterGenerator(seed: 83)
    let z = generator.gaussians(40)
    let packet = try codec.encode(z)
    let (range, values) = try quantise(z)
    let whole = information(of: packet)
    #expect(codec.decodeDamaged(whole, packet) == (40, reconstruct(values, range)))
    // Wrong header and check do not matter; a codeword cut short ends early.
    #expect(codec.decodeDamaged([0xFF] + whole[1...].dropLast(2) + [1, 2], packet) == (40, reconstruct(values, range)))
    let (count, latents) = codec.decodeDamaged(Array(whole.dropLast(10)), packet)
    #expect(count > 0 && count < 40)
    #expect(latents[..<count] == reconstruct(values, range)[..<count] && latents[count...] == mean[count...])
    #expect(codec.decodeDamaged([], packet) == (0, mean))
    #expect(codec.decodeDamaged(whole + whole, packet) == (40, reconstruct(values, range)))
  }

  @Test func `bytes from elsewhere are checked before they are used`() throws {
    let codec = LatentCodec(table: try skewedTable(), latentMean: [Float](repeating: 0, count: 300))
    var generator = CounterGenerator(seed: 84)
    let good = try codec.encode(generator.gaussians(300)).bytes
    #expect(try CodedLatent(bytes: good, latentCount: 300).bytes == good)
    func message(_ bytes: [UInt8], _ count: Int = 300) -> String? {
      #expect(throws: CodedLatentError.self) { try CodedLatent(bytes: bytes, latentCount: count) }?.description
    }
    func changed(_ index: Int, _ value: UInt8) -> [UInt8] {
      var bytes = good
      bytes[index] = value
      return bytes
    }
    #expect(message([]) == "coded latent, length: expected an even number from 116 to 640, received 0")
    #expect(
      message(good + [0]) == "coded latent, length: expected an even number from 116 to 640, received \(good.count + 1)"
    )
    #expect(
      message(good, 200) == "coded latent, length: expected an even number from 90 to 440, received \(good.count)")
    #expect(message(changed(8, 43)) == "coded latent, latents: expected 300, received 299")
    #expect(message(changed(10, 2)) == "coded latent, coding: expected 0 or 1, received 2")
    #expect(message(changed(11, 1)) == "coded latent, padding: expected 0, received 1 and 0")
    #expect(
      message(changed(good.count - 1, good[good.count - 1] | 5))
        == "coded latent, padding: expected 0, received 0 and 5")
    #expect(message(changed(3, 0x7F))?.hasPrefix("coded latent, range: expected two ordered finite numbers") == true)
  }

  @Test func `arbitrary codewords are read without harm`() throws {
    let codec = LatentCodec(table: try skewedTable(), latentMean: [Float](repeating: 0, count: 24))
    var generator = CounterGenerator(seed: 85)
    let good = try codec.encode(generator.gaussians(24))
    var latents = [Float](repeating: 0, count: 24)
    var accepted = 0
    for round in 0..<fuzzRounds {
      var bytes = round % 3 == 0 ? generator.bytes(Int(generator.uniform(below: 48))) : information(of: good)
      switch round % 3 {
      case 1: bytes[Int(generator.uniform(below: UInt64(bytes.count)))] = UInt8(truncatingIfNeeded: generator.next())
      case 2: bytes = sealed(bytes.prefix(9) + generator.bytes(Int(generator.uniform(below: 40))))
      default: break
      }
      let whole = bytes.withUnsafeBytes { bytes in
        latents.withUnsafeMutableBufferPointer { latents in
          _ = codec.decodeDamaged(bytes, sideInformation: good, into: latents)
          return codec.decode(bytes, into: latents)
        }
      }
      accepted += whole ? 1 : 0
    }
    // Only codewords under a valid check that happen to hold 24 values are good, or bytes that were not changed at all.
    #expect(accepted < fuzzRounds / 50)
  }

  // MARK: -

  private func sealed(_ body: some Collection<UInt8>) -> [UInt8] {
    let check = Array(body).withUnsafeBytes(CRC32.checksum)
    return body + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: check >> $0) }
  }
}

/// A table for values around the middle of the range, as latents have them.
func skewedTable() throws -> HuffmanTable {
  try HuffmanTable(histogram: (0..<256).map { UInt64(1e6 / (1 + Double(($0 - 128) * ($0 - 128)) / 40)) })
}

func information(of packet: CodedLatent) -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: packet.informationByteCount)
  packet.bytes[CodedLatent.headerLength...].withUnsafeBytes { code in
    bytes.withUnsafeMutableBytes { ConvolutionalCode.information(ofCode: code, into: $0) }
  }
  return bytes
}

extension LatentCodec {
  func encode(_ z: [Float]) throws -> CodedLatent { try z.withUnsafeBufferPointer { try encode($0) } }

  func decode(_ information: [UInt8]) -> [Float]? {
    var z = [Float](repeating: .nan, count: latentCount)
    let good = information.withUnsafeBytes { bytes in z.withUnsafeMutableBufferPointer { decode(bytes, into: $0) } }
    #expect(good || z.allSatisfy(\.isNaN))
    return good ? z : nil
  }

  func decodeDamaged(_ information: [UInt8], _ packet: CodedLatent) -> (count: Int, latents: [Float]) {
    var z = [Float](repeating: .nan, count: latentCount)
    let count = information.withUnsafeBytes { bytes in
      z.withUnsafeMutableBufferPointer { decodeDamaged(bytes, sideInformation: packet, into: $0) }
    }
    return (count, z)
  }
}
