internal import Digests

/// Where a message's fields go: a counter first, then the frame, so that one function is the layout of both.
protocol FieldSink {
  mutating func integer<Value: FixedWidthInteger>(_ value: Value)
  mutating func bytes(_ bytes: UnsafeRawBufferPointer)
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

  /// Text with its length in one byte.
  mutating func text8(_ text: String, atMost maximum: Int = 255) {
    text.withWireBytes(atMost: maximum) { bytes in
      integer(UInt8(bytes.count))
      self.bytes(bytes)
    }
  }

  /// Text with its length in two bytes.
  mutating func text16(_ text: String, atMost maximum: Int) {
    text.withWireBytes(atMost: maximum) { bytes in
      integer(UInt16(bytes.count))
      self.bytes(bytes)
    }
  }
}

enum SNRField {
  static let bound: Float = 1000
}

extension String {
  /// The text as it goes over the wire: control characters are spaces, and what is too long ends at a character.
  fileprivate func withWireBytes(atMost maximum: Int, _ body: (UnsafeRawBufferPointer) -> Void) {
    var text = self
    if text.utf8.count > maximum || text.utf8.contains(where: \.isControlCharacter) {
      text = text.wireText(atMost: maximum)
    }
    text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
  }

  private func wireText(atMost maximum: Int) -> String {
    var result = ""
    for character in self {
      let piece =
        character.utf8.contains(where: \.isControlCharacter) ? " " : String(character)
      guard result.utf8.count + piece.utf8.count <= maximum else { break }
      result += piece
    }
    return result
  }
}

extension UInt8 {
  /// Of ASCII; none of them occurs inside a longer UTF-8 sequence.
  var isControlCharacter: Bool { self < 0x20 || self == 0x7F }
}

/// Counts the bytes of the fields.
struct FieldCounter: FieldSink {
  private(set) var count = 0

  mutating func integer<Value: FixedWidthInteger>(_ value: Value) { count += MemoryLayout<Value>.size }
  mutating func bytes(_ bytes: UnsafeRawBufferPointer) { count += bytes.count }
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

  mutating func bytes(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress else { return }
    place(bytes.count).copyMemory(from: source, byteCount: bytes.count)
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
