/// Reads PGM and PPM, plain and raw (P2, P3, P5, P6), with sample values up to 65,535.
///
/// The format is Netpbm's: a header of white space, comments and decimal numbers, then the samples row by row, raw
/// samples above 255 in two bytes, the high one first (https://netpbm.sourceforge.net/doc/ppm.html).
struct PNMReader {
  let bytes: [UInt8]
  let name: String
  private var position = 0

  init(bytes: [UInt8], name: String) {
    self.bytes = bytes
    self.name = name
  }

  func picture() throws(DatasetError) -> Picture {
    var reader = self
    return try reader.read()
  }

  private mutating func read() throws(DatasetError) -> Picture {
    let (channels, isRaw) = try kind()
    position = 2
    let width = try number("width", below: Int(Int32.max))
    let height = try number("height", below: Int(Int32.max))
    try Picture.checkSize(width: width, height: height, name: name)
    let highest = try number("highest value", below: 65_536)
    guard highest > 0 else { throw malformed("a highest value of 1 to 65535", "0") }

    let samples = width * height * channels
    let values = isRaw ? try rawSamples(samples, highest) : try plainSamples(samples, highest)
    return Picture(width: width, height: height, rgb: channels == 3 ? values : Self.tripled(values))
  }

  private static func tripled(_ grey: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 3 * grey.count) { rgb, initialized in
      for (index, value) in grey.enumerated() {
        for channel in 0..<3 { rgb[3 * index + channel] = value }
      }
      initialized = 3 * grey.count
    }
  }

  private func kind() throws(DatasetError) -> (channels: Int, isRaw: Bool) {
    switch bytes.dropFirst().first {
    case UInt8(ascii: "2"): return (1, false)
    case UInt8(ascii: "3"): return (3, false)
    case UInt8(ascii: "5"): return (1, true)
    case UInt8(ascii: "6"): return (3, true)
    case UInt8(ascii: "7"): throw malformed("PPM or PGM (P2, P3, P5, P6)", "PAM (P7)")
    default: throw malformed("PPM or PGM (P2, P3, P5, P6)", "a black-and-white bitmap (P1 or P4)")
    }
  }

  private mutating func rawSamples(_ count: Int, _ highest: Int) throws(DatasetError) -> [UInt8] {
    // Exactly one white-space byte parts the header from the samples.
    guard position < bytes.count else { throw truncated("white space after the header", "the end of the file") }
    guard Self.isSpace(bytes[position]) else { throw malformed("white space after the header", "another byte") }
    let samples = bytes[(position + 1)...]
    let width = highest > 255 ? 2 : 1
    guard samples.count >= count * width else {
      throw truncated("\(count * width) bytes of samples", "\(samples.count)")
    }
    guard samples.dropFirst(count * width).allSatisfy(Self.isSpace) else {
      throw DatasetError(
        path: name, .oversized(expected: "\(count * width) bytes of samples", received: "\(samples.count)"))
    }
    let wanted = samples.prefix(count * width)
    if highest == 255 { return Array(wanted) }
    var result: [UInt8] = []
    result.reserveCapacity(count)
    var index = wanted.startIndex
    for _ in 0..<count {
      let value = width == 1 ? Int(wanted[index]) : Int(wanted[index]) << 8 | Int(wanted[index + 1])
      result.append(try scaled(value, highest))
      index += width
    }
    return result
  }

  private mutating func plainSamples(_ count: Int, _ highest: Int) throws(DatasetError) -> [UInt8] {
    // A sample has a digit at least, and white space before it: what cannot fit need not be allocated.
    guard (bytes.count - position) / 2 >= count else {
      throw truncated("\(count) samples", "room for \((bytes.count - position) / 2)")
    }
    var result: [UInt8] = []
    result.reserveCapacity(count)
    for _ in 0..<count { result.append(try scaled(try number("sample", below: 65_536), highest)) }
    skipSpace()
    guard position == bytes.count else {
      throw DatasetError(path: name, .oversized(expected: "\(count) samples", received: "more"))
    }
    return result
  }

  private func scaled(_ value: Int, _ highest: Int) throws(DatasetError) -> UInt8 {
    guard value <= highest else { throw malformed("samples of at most \(highest)", "\(value)") }
    return UInt8((value * 255 + highest / 2) / highest)
  }

  /// The next decimal number, after white space and comments.
  private mutating func number(_ field: String, below limit: Int) throws(DatasetError) -> Int {
    let before = position
    skipSpace()
    guard position < bytes.count else { throw truncated("a \(field)", "the end of the file") }
    guard position > before else { throw malformed("white space before the \(field)", "byte \(bytes[position])") }
    var value = 0
    let start = position
    while position < bytes.count, case UInt8(ascii: "0")...UInt8(ascii: "9") = bytes[position] {
      value = value * 10 + Int(bytes[position] - UInt8(ascii: "0"))
      guard value < limit else { throw malformed("a \(field) below \(limit)", "\(value) or more") }
      position += 1
    }
    guard position > start else { throw malformed("a \(field) in decimal digits", "byte \(bytes[position])") }
    return value
  }

  /// Skips white space and comments, which run from `#` to the end of the line.
  private mutating func skipSpace() {
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "#") {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n"), bytes[position] != UInt8(ascii: "\r") {
          position += 1
        }
      } else if Self.isSpace(bytes[position]) {
        position += 1
      } else {
        return
      }
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private func malformed(_ expected: String, _ received: String) -> DatasetError {
    DatasetError(path: name, .malformed(expected: expected, received: received))
  }

  private func truncated(_ expected: String, _ received: String) -> DatasetError {
    DatasetError(path: name, .truncated(expected: expected, received: received))
  }
}
