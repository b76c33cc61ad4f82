/// Where a block's SNR comes from, fading aside. Es/N0 of a complex symbol made of two unit-power reals = 1/sigma² per real.
public enum SNRLaw: Sendable, Hashable, Codable {
  /// N(mean, std²) dB, drawn anew for every block; the paper's is N(30, 50²). Standard deviation 0: fixed.
  case normal(meanDB: Double, stdDB: Double)
  /// A recorded sequence, one entry a block.
  case trace(SNRTrace)
  /// From the device's place.
  case pathLoss(PathLoss)
}

/// A recorded sequence of SNRs in dB, repeated for ever; column k is that of expert process k (modulo the columns).
public struct SNRTrace: Sendable, Hashable, Codable {
  /// The most numbers that a trace may hold.
  public static let maximumCount = 1 << 24

  /// Rows of equal length: one a block.
  public let columns: Int
  private let values: [Float]

  public var rows: Int { values.count / columns }

  /// Reads numbers, one row a line, separated by white space or commas; `#` begins a comment.
  /// - Throws: ``SNRTraceError`` with the line.
  public init(parsing text: some StringProtocol) throws(SNRTraceError) {
    var columns = 0
    var values: [Float] = []
    var line = 0
    for row in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      line += 1
      let content = row.prefix { $0 != "#" }
      let words = content.split { $0 == "," || $0.isWhitespace }
      if words.isEmpty { continue }
      if columns == 0 { columns = words.count }
      guard words.count == columns else {
        throw SNRTraceError(line: line, expected: "\(columns) numbers, as in the first row", received: "\(words.count)")
      }
      guard values.count + columns <= Self.maximumCount else {
        throw SNRTraceError(line: line, expected: "at most \(Self.maximumCount) numbers", received: "more")
      }
      for word in words {
        guard let value = Float(word), (-400...400).contains(value) else {
          throw SNRTraceError(line: line, expected: "an SNR from -400 to 400 dB", received: "\"\(word.prefix(40))\"")
        }
        values.append(value)
      }
    }
    guard columns > 0 else { throw SNRTraceError(line: line, expected: "at least one number", received: "none") }
    self.columns = columns
    self.values = values
  }

  /// The SNR in dB of a block on the link to an expert process.
  public func snrDB(ofBlock block: UInt64, process: UInt32) -> Float {
    values[Int(block % UInt64(rows)) * columns + Int(process) % columns]
  }
}

/// A file of SNRs that cannot be read.
public struct SNRTraceError: Error, Hashable, CustomStringConvertible {
  public let line: Int
  public let expected: String
  public let received: String

  public var description: String { "SNR trace, line \(line): expected \(expected), received \(received)" }
}
