/// A canonical Huffman code of the 256 values of a quantised latent, lengths 1 to 15.
///
/// The lengths alone define it: codewords of one length are consecutive numbers in the order of their symbols, and
/// shorter ones precede longer ones (as in RFC 1951, 3.2.2). Every symbol has a codeword, so any vector can be coded.
public struct HuffmanTable: Sendable, Hashable {
  public static let symbolCount = 256
  public static let maximumLength = 15

  /// The codeword's length for each symbol.
  public let lengths: [UInt8]
  /// The codeword of each symbol in the low bits, its length from bit 16 on.
  let codewords: [UInt32]
  /// For each run of `lookupBits` bits: the symbol that it begins with and that codeword's length (bits 8...), or 0 when
  /// the codeword is longer.
  let lookup: [UInt16]
  /// For each length: the first codeword, its index in `ordered`, and how many there are.
  let first: [UInt32]
  let offset: [Int]
  let count: [UInt32]
  /// Symbols by codeword.
  let ordered: [UInt8]

  static let lookupBits = 11

  /// The code of given lengths.
  /// - Throws: ``HuffmanTableError`` unless 256 lengths from 1 to 15 fill the code space exactly.
  public init(lengths: [UInt8]) throws(HuffmanTableError) {
    guard lengths.count == Self.symbolCount else {
      throw HuffmanTableError(expected: "\(Self.symbolCount) codeword lengths", received: "\(lengths.count)")
    }
    var count = [UInt32](repeating: 0, count: Self.maximumLength + 1)
    for (symbol, length) in lengths.enumerated() {
      guard (1...Self.maximumLength).contains(Int(length)) else {
        throw HuffmanTableError(
          expected: "a codeword length from 1 to \(Self.maximumLength) for symbol \(symbol)", received: "\(length)")
      }
      count[Int(length)] += 1
    }
    let space = lengths.reduce(0) { $0 + 1 << (Self.maximumLength - Int($1)) }
    guard space == 1 << Self.maximumLength else {
      throw HuffmanTableError(
        expected: "lengths that fill the code space of \(1 << Self.maximumLength) words", received: "\(space) words")
    }

    var first = [UInt32](repeating: 0, count: Self.maximumLength + 2)
    var offset = [Int](repeating: 0, count: Self.maximumLength + 2)
    for length in 1...Self.maximumLength {
      first[length + 1] = (first[length] + count[length]) << 1
      offset[length + 1] = offset[length] + Int(count[length])
    }
    let ordered = (0..<Self.symbolCount).sorted { (lengths[$0], $0) < (lengths[$1], $1) }
    var codewords = [UInt32](repeating: 0, count: Self.symbolCount)
    var lookup = [UInt16](repeating: 0, count: 1 << Self.lookupBits)
    for (index, symbol) in ordered.enumerated() {
      let length = Int(lengths[symbol])
      let code = first[length] + UInt32(index - offset[length])
      codewords[symbol] = code | UInt32(length) << 16
      guard length <= Self.lookupBits else { continue }
      let spare = Self.lookupBits - length
      for rest in 0..<(1 << spare) { lookup[Int(code) << spare | rest] = UInt16(length << 8 | symbol) }
    }
    self.lengths = lengths
    self.codewords = codewords
    self.lookup = lookup
    self.first = first
    self.offset = offset
    self.count = count
    self.ordered = ordered.map { UInt8($0) }
  }

  /// The best code for values that occur as often as `histogram` says, each once more than counted.
  ///
  /// Smoothing by one keeps codewords for values that training never showed.
  public init(histogram: [UInt64]) throws(HuffmanTableError) {
    guard histogram.count == Self.symbolCount else {
      throw HuffmanTableError(expected: "\(Self.symbolCount) counts", received: "\(histogram.count)")
    }
    try self.init(lengths: Self.bestLengths(weights: histogram.map { Double($0) + 1 }))
  }

  /// All codewords 8 bits long: no compression, for a model without statistics.
  public static let uniform: HuffmanTable = {
    guard let table = try? HuffmanTable(lengths: [UInt8](repeating: 8, count: symbolCount)) else {
      preconditionFailure("256 codewords of 8 bits fill the code space")
    }
    return table
  }()

  /// How many bits `symbols` take.
  public func bitCount(of symbols: UnsafeBufferPointer<UInt8>) -> Int {
    lengths.withUnsafeBufferPointer { lengths in symbols.reduce(0) { $0 + Int(lengths[Int($1)]) } }
  }

  /// The mean bits a value takes when values occur as often as `histogram` says.
  public func meanLength(histogram: [UInt64]) -> Double {
    let bits = zip(lengths, histogram).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    return bits / histogram.reduce(0.0) { $0 + Double($1) }
  }
}

/// A Huffman table's lengths do not define a code.
public struct HuffmanTableError: Error, Hashable, CustomStringConvertible {
  public let expected: String
  public let received: String

  public var description: String { "huffman table: expected \(expected), received \(received)" }
}

extension HuffmanTable: Codable {
  /// Coded as its 256 lengths.
  public init(from decoder: any Decoder) throws {
    try self.init(lengths: [UInt8](from: decoder))
  }

  public func encode(to encoder: any Encoder) throws {
    try lengths.encode(to: encoder)
  }

  public static func == (a: HuffmanTable, b: HuffmanTable) -> Bool { a.lengths == b.lengths }
  public func hash(into hasher: inout Hasher) { hasher.combine(lengths) }

  /// What names the table: its 256 lengths, one byte each, in the order of the symbols.
  public var bytes: [UInt8] { lengths }
}
