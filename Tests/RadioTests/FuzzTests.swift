import Foundation
import Radio
import Randomness
import Testing

/// How many arbitrary inputs each parser gets; MOE_FUZZ_ROUNDS asks for more.
let fuzzRounds = ProcessInfo.processInfo.environment["MOE_FUZZ_ROUNDS"].flatMap(Int.init) ?? 1_000_000

/// Whatever comes, decoders return: no crash, no hang, no result that their contract excludes.
struct FuzzTests {
  /// Codes of all shapes, from a few favoured values to none.
  private func tables(using generator: inout CounterGenerator) throws -> [HuffmanTable] {
    try (0..<32).map { number in
      try HuffmanTable(
        histogram: (0..<256).map { _ in
          number == 0 ? 0 : UInt64(1) << generator.uniform(below: 1 + UInt64(number))
        })
    }
  }

  @Test func `Huffman decoders read arbitrary bits as a plain one does`() throws {
    var generator = CounterGenerator(seed: 141)
    let latentCount = 40
    let mean = [Float](repeating: -1e6, count: latentCount)
    // From 0 to 255, so that a latent is its value; most latents the table's favourite, so that Huffman coding is short.
    let coders = try tables(using: &generator).map { table in
      let favourite = table.lengths.indices.min { table.lengths[$0] < table.lengths[$1] } ?? 0
      let codec = LatentCodec(table: table, latentMean: mean)
      return (
        codec: codec, codewords: codewords(table),
        packet: try codec.encode([0, 255] + (2..<latentCount).map { _ in Float(favourite) })
      )
    }
    let allHuffman = coders.allSatisfy { $0.packet.coding == .huffman }
    #expect(allHuffman)
    var latents = mean
    for round in 0..<fuzzRounds {
      let (codec, codewords, packet) = coders[Int(generator.uniform(below: UInt64(coders.count)))]
      let bytes = generator.bytes(Int(generator.uniform(below: 90)))
      let count = bytes.withUnsafeBytes { bytes in
        latents.withUnsafeMutableBufferPointer {
          codec.decodeDamaged(bytes, sideInformation: packet, into: $0)
        }
      }
      guard count <= latentCount, latents[count...].allSatisfy({ $0 == -1e6 }) else {
        Issue.record("\(count) values of \(latentCount)")
        return
      }
      guard round % 32 == 0 else { continue }
      let values = plainDecode(bytes.dropFirst(9).dropLast(4), codewords, atMost: latentCount)
      #expect(latents[..<count].map { UInt8($0) } == values)
    }
  }

  /// A table's codewords, by the definition of a canonical code (RFC 1951, 3.2.2).
  private func codewords(_ table: HuffmanTable) -> [[UInt8]: UInt8] {
    var codewords: [[UInt8]: UInt8] = [:]
    var code = 0
    var last = 0
    for (length, symbol) in table.lengths.enumerated().map({ (Int($1), $0) }).sorted(by: <) {
      code <<= length - last
      last = length
      codewords[(0..<length).map { UInt8(code >> (length - 1 - $0) & 1) }] = UInt8(symbol)
      code += 1
    }
    return codewords
  }

  /// Bit by bit.
  private func plainDecode(
    _ bytes: some Collection<UInt8>, _ codewords: [[UInt8]: UInt8], atMost limit: Int
  ) -> [UInt8] {
    var values: [UInt8] = []
    var word: [UInt8] = []
    for bit in bits(Array(bytes)) where values.count < limit {
      word.append(bit)
      if let value = codewords[word] {
        values.append(value)
        word = []
      }
    }
    return values
  }

  @Test func `arbitrary codeword lengths make a table or are refused`() throws {
    var generator = CounterGenerator(seed: 142)
    let good = try tables(using: &generator).map(\.lengths)
    var tables = 0
    for round in 0..<fuzzRounds {
      var lengths = good[round % good.count]
      switch round % 4 {
      case 0: lengths = generator.bytes(Int(generator.uniform(below: 300)))
      case 1: lengths.swapAt(Int(generator.uniform(below: 256)), Int(generator.uniform(below: 256)))
      default: lengths[Int(generator.uniform(below: 256))] = UInt8(generator.uniform(below: 18))
      }
      // Building a table takes longer than refusing lengths: most that would be good are skipped.
      if round % 4 == 1, round % 64 != 1 { continue }
      if let table = try? HuffmanTable(lengths: lengths) {
        tables += 1
        #expect(table.lengths == lengths)
      }
    }
    #expect(tables > fuzzRounds / 1_000)
  }

  @Test func `arbitrary packets are carried or refused`() throws {
    var generator = CounterGenerator(seed: 143)
    let codec = LatentCodec(table: try skewedTable(), latentMean: [Float](repeating: 0, count: 24))
    let good = try (0..<16).map { _ in try codec.encode(generator.gaussians(24)).bytes }
    let link = try SimulatedLink(
      configuration: LinkConfiguration(snrMeanDB: 8, snrStdDB: 8), id: LinkID(baseStation: 0, process: 0))
    var latents = [Float](repeating: 0, count: 24)
    var carried = 0
    for round in 0..<fuzzRounds {
      var bytes = good[round % good.count]
      switch round % 4 {
      case 0: bytes = generator.bytes(Int(generator.uniform(below: 160)))
      case 1: bytes.removeLast(Int(generator.uniform(below: UInt64(bytes.count))))
      default:
        for _ in 0..<generator.uniform(below: 5) {
          bytes[Int(generator.uniform(below: UInt64(bytes.count)))] = UInt8(truncatingIfNeeded: generator.next())
        }
      }
      guard let packet = try? CodedLatent(bytes: bytes, latentCount: 24), round % 8 < 4 else { continue }
      carried += 1
      let policy = DecodeFailurePolicy.allCases[carried % 3]
      let reception = latents.withUnsafeMutableBufferPointer {
        link.carry(
          packet, into: $0, codec: codec, onFailure: policy, decisions: carried % 2 == 0 ? .soft : .hard,
          block: UInt64(round), tag: UInt64(round), attempt: 0)
      }
      let isFinite = latents.allSatisfy(\.isFinite)
      #expect(isFinite && reception.codedBits == packet.codedBitCount)
    }
    #expect(carried > fuzzRounds / 20)
  }

  @Test func `arbitrary traces are read or refused`() throws {
    var generator = CounterGenerator(seed: 144)
    let pieces = [
      "1", "-3.5", "400", "401", "nan", "1e300", "x", ",", " ", "\t", "\n", "\r\n", "#", "# 1\n", "é", "\0", "-",
    ]
    var good = 0
    for _ in 0..<fuzzRounds / 4 {
      let text = (0..<generator.uniform(below: 8)).map { _ in
        pieces[Int(generator.uniform(below: UInt64(pieces.count)))]
      }.joined()
      guard let trace = try? SNRTrace(parsing: text) else { continue }
      good += 1
      let isFinite = trace.snrDB(ofBlock: generator.next(), process: 7).isFinite
      #expect(isFinite && trace.rows > 0)
    }
    #expect(good > fuzzRounds / 1_000)
  }

  #if os(Linux)
    @Test func `a packet that claims absurd sizes costs no memory`() throws {
      var generator = CounterGenerator(seed: 145)
      let codec = LatentCodec(table: .uniform, latentMean: [Float](repeating: 0, count: 24))
      let good = try codec.encode(generator.gaussians(24)).bytes
      let before = try Self.residentPeak(isReset: true)
      for latentCount in [24, 1_000, CodedLatent.maximumLatentCount] {
        for length in [0, 1, 11, 12, good.count] {
          var bytes = Array(good.prefix(length))
          if length >= 10 { (bytes[8], bytes[9]) = (0xFF, 0xFF) }
          #expect(throws: CodedLatentError.self) { try CodedLatent(bytes: bytes, latentCount: latentCount) }
        }
      }
      #expect(throws: HuffmanTableError.self) { try HuffmanTable(lengths: Array(good.prefix(12))) }
      #expect(throws: ScenarioError.self) {
        try Scenario(parsing: "interferers = 1e18\ninterference-db = 0", name: "t")
      }
      #expect(try Self.residentPeak(isReset: false) < before + 1_024)
    }

    /// The most memory that was ever resident, in KiB, since the last reset.
    private static func residentPeak(isReset: Bool) throws -> Int {
      if isReset {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: "/proc/self/clear_refs"))
        try file.write(contentsOf: Data("5".utf8))
        try file.close()
      }
      let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
      return try #require(line.split { !$0.isNumber }.first.flatMap { Int($0) })
    }
  #endif
}
