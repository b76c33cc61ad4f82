internal import Digests

/// Where a message's fields go: a counter first, then the frame, so that one function is the layout of both.
protocol FieldSink {
  mutating func integer<Value: FixedWidthInteger>(_ value: Value)
  /// The first bytes of the text, its control characters as spaces.
  mutating func text(_ text: String, byteCount: Int)
  mutating func digest(_ digest: SHA256Digest)
}

extension FieldSink {
  mutating func float(_ value: Float) { integer(value.bitPattern) }

  mutating func flag(_ value: Bool) { integer(UInt8(value ? 1 : 0)) }

  /// A count that the format holds; more is a mistake of this program.
  mutating func count<Width: FixedWidthInteger>(_ count: Int, as width: Width.Type, of field: StaticString) {
    guard let value = Width(exactly: count) else { preconditionFailure("\(field): \(count) do not fit the format") }
    integer(value)
  }

  /// An SNR in dB, NaN for none. Beyond ±``SNRField/bound`` dB all are alike, and infinities are no numbers to send.
  mutating func snr(_ value: Float?) {
    guard let value, !value.isNaN else { return float(.nan) }
    float(min(max(value, -SNRField.bound), SNRField.bound))
  }

  /// Text with its length in one byte; see ``text(_:byteCount:)``.
  mutating func text8(_ text: String, atMost maximum: Int = 255) {
    let count = text.wireByteCount(atMost: maximum)
    integer(UInt8(count))
    self.text(text, byteCount: count)
  }

  /// Text with its length in two bytes; see ``text(_:byteCount:)``.
  mutating func text16(_ text: String, atMost maximum: Int) {
    let count = text.wireByteCount(atMost: maximum)
    integer(UInt16(count))
    self.text(text, byteCount: count)
  }
}

enum SNRField {
  static let bound: Float = 1000
}

extension String {
  /// How many bytes of it go over the wire: what is too long ends before the character that does not fit.
  fileprivate func wireByteCount(atMost maximum: Int) -> Int {
    guard utf8.count > maximum else { return utf8.count }
    var end = utf8.index(utf8.startIndex, offsetBy: maximum)
    while utf8[end].isContinuation { end = utf8.index(before: end) }
    return utf8.distance(from: utf8.startIndex, to: end)
  }
}

extension UInt8 {
  /// Of ASCII; none of them occurs inside a longer UTF-8 sequence.
  var isControlCharacter: Bool { self < 0x20 || self == 0x7F }

  /// Of UTF-8, within a character of several bytes.
  fileprivate var isContinuation: Bool { self & 0xC0 == 0x80 }
}

/// Counts the bytes of the fields.
struct FieldCounter: FieldSink {
  private(set) var count = 0

  mutating func integer<Value: FixedWidthInteger>(_ value: Value) { count += MemoryLayout<Value>.size }
  mutating func text(_ text: String, byteCount: Int) { count += byteCount }
  mutating func digest(_ digest: SHA256Digest) { count += SHA256Digest.byteCount }
}

/// Writes the fields into the frame.
struct FieldWriter: FieldSink {
  private var next: UnsafeMutableRawPointer
  private let end: UnsafeMutableRawPointer

  init(_ fields: UnsafeMutableRawPointer, count: Int) {
    next = fields
    end = fields + count
  }

  mutating func integer<Value: FixedWidthInteger>(_ value: Value) {
    place(MemoryLayout<Value>.size).storeBytes(of: value.littleEndian, as: Value.self)
  }

  mutating func text(_ text: String, byteCount: Int) {
    var text = text
    let place = UnsafeMutableRawBufferPointer(start: place(byteCount), count: byteCount)
    text.withUTF8 { place.copyMemory(from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer($0)[..<byteCount])) }
    for index in place.indices where place[index].isControlCharacter { place[index] = UInt8(ascii: " ") }
  }

  mutating func digest(_ digest: SHA256Digest) { digest.store(to: place(SHA256Digest.byteCount)) }

  /// Every counted byte must be written, or memory's old contents would go over the wire.
  func finish() { precondition(next == end, "\(end - next) bytes of the fields were not written") }

  private mutating func place(_ count: Int) -> UnsafeMutableRawPointer {
    precondition(count <= end - next, "the fields are longer than was counted")
    defer { next += count }
    return next
  }
}
