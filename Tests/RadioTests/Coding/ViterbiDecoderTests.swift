import CRadio
import Foundation
import Radio
import Randomness
import Testing

struct ViterbiDecoderTests {
  @Test func `both kernels equal the plain reference on 100,000 random and corrupted packets`() {
    var generator = CounterGenerator(seed: 31)
    var differences = 0
    for packet in 0..<100_000 {
      let length = packet % 1_000 == 0 ? 60 + Int(generator.uniform(below: 200)) : Int(generator.uniform(below: 12))
      let soft = corruptedPacket(length, kind: packet % 5, using: &generator)
      let limit = Int(ViterbiDecoder.softLimit)
      let expected = ReferenceViterbi.decode(soft.map { max(-limit, min(limit, Int($0))) })
      for variant in [CRADIO_BASELINE, CRADIO_AVX2] where variant.rawValue <= cradio_best().rawValue {
        let found = decode(soft, length: length, variant: variant)
        if found.bits != expected.bits || found.cost != expected.cost { differences += 1 }
      }
    }
    #expect(differences == 0)
  }

  @Test func `frames of any number of bits are decoded, not whole bytes only`() {
    var generator = CounterGenerator(seed: 32)
    for stages in 6...120 {
      let soft = (0..<2 * stages).map { _ in Int8(truncatingIfNeeded: Int(generator.uniform(below: 29)) - 14) }
      let expected = ReferenceViterbi.decode(soft.map(Int.init))
      for variant in [CRADIO_BASELINE, CRADIO_AVX2] where variant.rawValue <= cradio_best().rawValue {
        var workspace = [UInt8](repeating: 0, count: cradio_viterbi_workspace(stages))
        var output = [UInt8](repeating: 0, count: cradio_viterbi_output(stages))
        let cost = cradio_viterbi(variant, soft, stages, &workspace, &output)
        #expect(Array(bits(output).prefix(stages - 6)) == expected.bits)
        #expect(bits(output).dropFirst(stages - 6).allSatisfy { $0 == 0 })
        #expect(cost == UInt32(expected.cost))
      }
    }
  }

  @Test func `a clean packet costs nothing and comes back`() {
    var generator = CounterGenerator(seed: 33)
    for length in 0..<100 {
      let information = generator.bytes(length)
      let soft = bits(encode(information)).dropLast(4).map { $0 == 0 ? 1 : -1 as Int8 }
      var found = [UInt8](repeating: 0, count: length)
      let cost = soft.withUnsafeBufferPointer { soft in
        found.withUnsafeMutableBufferPointer { ViterbiDecoder.decode(soft, into: $0) }
      }
      #expect(found == information && cost == 0)
    }
  }

  /// Code bits of random information, disturbed in a way that depends on `kind`, as soft decisions of full scale and over.
  private func corruptedPacket(_ length: Int, kind: Int, using generator: inout CounterGenerator) -> [Int8] {
    bits(encode(generator.bytes(length))).dropLast(4).map { bit in
      let clean = bit == 0 ? 14 : -14
      let draw = Int(generator.uniform(below: 1 << 32))
      switch kind {
      case 0: return Int8(truncatingIfNeeded: draw)  // anything
      case 1: return Int8(draw % 8 == 0 ? -clean : clean)  // strong decisions, some wrong
      case 2: return Int8((clean + draw % 51 - 25) / 2)  // soft
      case 3: return (bit == 0) != (draw % 9 == 0) ? 1 : -1  // hard
      default: return draw % 3 == 0 ? 0 : Int8(draw & 1 == 0 ? clean : -clean)  // erasures and chance
      }
    }
  }

  private func decode(_ soft: [Int8], length: Int, variant: cradio_variant) -> (bits: [UInt8], cost: Int) {
    let stages = 8 * length + 6
    var workspace = [UInt8](repeating: 0, count: cradio_viterbi_workspace(stages))
    var output = [UInt8](repeating: 0, count: cradio_viterbi_output(stages))
    let cost = cradio_viterbi(variant, soft, stages, &workspace, &output)
    return (Array(bits(output).prefix(8 * length)), Int(cost))
  }
}
