import CPhilox
import Randomness
import Testing

struct PhiloxTests {
  @Test func `known answers of Random123 are met`() {
    #expect(
      Philox.block(key: (0, 0), counter: SIMD4(repeating: 0))
        == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      Philox.block(key: (.max, .max), counter: SIMD4(repeating: .max))
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      Philox.block(
        key: (0xa409_3822, 0x299f_31d0), counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344))
        == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func `bulk words are the blocks' words, lane by lane`() {
    let stream = StreamKey(seed: 7, 1, 2)
    let group: UInt64 = 0x1_0000_0003
    var words = [UInt32](repeating: 0, count: 75)
    var generator = CounterGenerator(stream, position: group * 16)
    words.withUnsafeMutableBufferPointer { generator.fillWords($0) }
    for i in words.indices {
      let (g, word, lane) = (UInt64(i / 32), i % 32 / 8, UInt64(i % 8))
      #expect(words[i] == stream.block(at: (group + g) * 8 + lane)[word])
    }
    #expect(generator.position == (group + 3) * 16)
  }

  @Test func `every instruction set gives the same bits`() {
    let stream = cphilox_stream(key: 0x0123_4567_89ab_cdef, counter_high: 42)
    var expected = [Float](repeating: 0, count: 100_003)
    cphilox_gaussians(CPHILOX_BASELINE, stream, 9, &expected, expected.count)
    for variant in [CPHILOX_AVX2, CPHILOX_AVX512] where variant.rawValue <= cphilox_best().rawValue {
      var samples = [Float](repeating: 0, count: expected.count)
      cphilox_gaussians(variant, stream, 9, &samples, samples.count)
      #expect(samples == expected)
      var sums = [Float](repeating: 1, count: expected.count)
      cphilox_add_gaussians(variant, stream, 9, 0.37, &sums, sums.count)
      #expect(sums == expected.map { 1 + $0 * 0.37 })
    }
  }
}
