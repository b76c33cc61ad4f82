import Foundation
import Radio
import Randomness
import Testing

struct HuffmanTableTests {
  @Test func `the best code of dyadic frequencies has their logarithms as lengths`() throws {
    // 1/2, 1/4, 1/8 … of 2^40: smoothing by one is nothing against them, and all others share the rest.
    var histogram = [UInt64](repeating: 0, count: 256)
    for i in 0..<6 { histogram[10 + i] = 1 << UInt64(40 - i) }
    let table = try HuffmanTable(histogram: histogram)
    #expect(table.lengths[10..<16] == [1, 2, 3, 4, 5, 6])
  }

  @Test func `the mean length of a code is within one bit of entropy`() throws {
    var generator = CounterGenerator(seed: 61)
    for spread in [1.0, 5, 20, 60] {
      var histogram = [UInt64](repeating: 0, count: 256)
      for _ in 0..<20_000 { histogram[Int(max(0, min(255, 128 + spread * generator.gaussianPair().0)))] += 1 }
      let entropy = histogram.reduce(0.0) { sum, count in
        let p = Double(count) / 20_000
        return count == 0 ? sum : sum - p * log2(p)
      }
      let mean = try HuffmanTable(histogram: histogram).meanLength(histogram: histogram)
      #expect(mean >= entropy && mean < entropy + (entropy < 3 ? 0.4 : 0.1), "\(spread): \(mean) against \(entropy)")
    }
  }

  @Test func `lengths stay within 15 bits where frequencies grow like Fibonacci's numbers`() throws {
    var histogram = [UInt64](repeating: 0, count: 256)
    (histogram[0], histogram[1]) = (1, 1)
    for i in 2..<90 { histogram[i] = histogram[i - 1] + histogram[i - 2] }
    let table = try HuffmanTable(histogram: histogram)
    #expect(table.lengths.max() == 15 && table.lengths[89] <= 2)
  }

  @Test func `equal frequencies give eight bits each`() throws {
    #expect(try HuffmanTable(histogram: [UInt64](repeating: 3, count: 256)) == HuffmanTable.uniform)
    #expect(try HuffmanTable(histogram: [UInt64](repeating: .max / 256, count: 256)) == HuffmanTable.uniform)
  }

  @Test func `lengths that define no code are refused`() {
    func message(_ lengths: [UInt8]) -> String? {
      #expect(throws: HuffmanTableError.self) { try HuffmanTable(lengths: lengths) }?.description
    }
    #expect(message([8]) == "huffman table: expected 256 codeword lengths, received 1")
    var lengths = [UInt8](repeating: 8, count: 256)
    lengths[7] = 0
    #expect(message(lengths) == "huffman table: expected a codeword length from 1 to 15 for symbol 7, received 0")
    lengths[7] = 16
    #expect(message(lengths) == "huffman table: expected a codeword length from 1 to 15 for symbol 7, received 16")
    lengths[7] = 7
    #expect(
      message(lengths)
        == "huffman table: expected lengths that fill the code space of 32768 words, received 32896 words")
    lengths[7] = 9
    #expect(
      message(lengths)
        == "huffman table: expected lengths that fill the code space of 32768 words, received 32704 words")
  }

  @Test func `a table survives JSON as its lengths, and a bad one does not`() throws {
    let table = try HuffmanTable(histogram: (0..<256).map { UInt64($0 * $0) })
    let data = try JSONEncoder().encode(table)
    #expect(try JSONDecoder().decode([UInt8].self, from: data) == table.lengths)
    #expect(try JSONDecoder().decode(HuffmanTable.self, from: data) == table)
    #expect(throws: HuffmanTableError.self) { try JSONDecoder().decode(HuffmanTable.self, from: Data("[1,2]".utf8)) }
  }
}
