internal import Digests

/// Reads a message's fields, never beyond their end; every refusal names message and field.
struct FieldReader {
  let message: MessageType
  /// Which element of a list is being read, for the errors' sake.
  var index: Int?
  private var next: UnsafeRawPointer
  private let end: UnsafeRawPointer

  init(_ fields: UnsafeRawBufferPointer, of message: MessageType) {
    self.message = message
    // A frame always has its header before the fields, so that there is a base address.
    next = fields.baseAddress.unsafelyUnwrapped
    end = next + fields.count
  }

  var remaining: Int { end - next }

  @inline(__always)
  mutating func integer<Value: FixedWidthInteger>(
    _ field: StaticString, as type: Value.Type = Value.self
  ) throws(WireError) -> Value {
    Value(littleEndian: try place(MemoryLayout<Value>.size, field).loadUnaligned(as: Value.self))
  }

  mutating func float(_ field: StaticString) throws(WireError) -> Float {
    let value = Float(bitPattern: try integer(field))
    guard value.isFinite else { throw error(field, expected: "a finite number", received: "\(value)") }
    return value
  }

  /// An SNR in dB, which NaN says is none.
  mutating func snr(_ field: StaticString) throws(WireError) -> Float? {
    let value = Float(bitPattern: try integer(field))
    if value.isNaN { return nil }
    guard value.isFinite else { throw error(field, expected: "a finite number or NaN", received: "\(value)") }
    return value
  }

  mutating func flag(_ field: StaticString) throws(WireError) -> Bool {
    let value: UInt8 = try integer(field)
    guard value <= 1 else { throw error(field, expected: "0 or 1", received: "\(value)") }
    return value == 1
  }

  mutating func reserved<Value: FixedWidthInteger>(
    _ type: Value.Type, _ field: StaticString = "reserved"
  ) throws(WireError) {
    let value: Value = try integer(field)
    guard value == 0 else { throw error(field, expected: "0", received: "\(value)") }
  }

  mutating func enumeration<Value: RawRepresentable & CaseIterable>(
    _ field: StaticString, as type: Value.Type = Value.self
  ) throws(WireError) -> Value where Value.RawValue: FixedWidthInteger {
    let raw: Value.RawValue = try integer(field)
    guard let value = Value(rawValue: raw) else {
      let known = Value.allCases.map { "\($0.rawValue)" }.joined(separator: ", ")
      throw error(field, expected: "one of \(known)", received: "\(raw)")
    }
    return value
  }

  /// A number that counts elements of at least `bytesEach` bytes, all of which must still be there.
  mutating func count<Width: FixedWidthInteger>(
    _ field: StaticString, as width: Width.Type, in range: ClosedRange<Int>, bytesEach: Int = 0
  ) throws(WireError) -> Int {
    let count = Int(try integer(field, as: Width.self))
    guard range.contains(count) else {
      throw error(field, expected: "\(range.lowerBound) to \(range.upperBound)", received: "\(count)")
    }
    try require(count, elementsOf: bytesEach, field)
    return count
  }

  func require(_ count: Int, elementsOf bytesEach: Int, _ field: StaticString) throws(WireError) {
    guard count * bytesEach <= remaining else {
      throw error(field, expected: "\(count) elements in \(count * bytesEach) bytes", received: "\(remaining) bytes")
    }
  }

  mutating func digest(_ field: StaticString) throws(WireError) -> SHA256Digest {
    SHA256Digest(loading: try place(SHA256Digest.byteCount, field))
  }

  mutating func text8(_ field: StaticString, _ range: ClosedRange<Int>) throws(WireError) -> String {
    try text(field, range, length: Int(try integer(field, as: UInt8.self)))
  }

  mutating func text16(_ field: StaticString, _ range: ClosedRange<Int>) throws(WireError) -> String {
    try text(field, range, length: Int(try integer(field, as: UInt16.self)))
  }

  private mutating func text(
    _ field: StaticString, _ range: ClosedRange<Int>, length: Int
  ) throws(WireError) -> String {
    guard range.contains(length) else {
      throw error(field, expected: "\(range.lowerBound) to \(range.upperBound) bytes", received: "\(length) bytes")
    }
    let bytes = UnsafeRawBufferPointer(start: try place(length, field), count: length)
    var isPlain = true
    for byte in bytes {
      if byte.isControlCharacter {
        throw error(field, expected: "no control characters", received: "the byte \(byte)")
      }
      isPlain = isPlain && byte < 0x80
    }
    if isPlain { return String(decoding: bytes, as: UTF8.self) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw error(field, expected: "UTF-8", received: "other bytes")
    }
    return text
  }

  func finish() throws(WireError) {
    guard remaining == 0 else {
      throw error("end of fields", expected: "no more bytes", received: "\(remaining) bytes")
    }
  }

  func error(_ field: StaticString, expected: String, received: String) -> WireError {
    let name = index.map { "\(field) \($0)" } ?? "\(field)"
    return WireError("\(message)", name, expected: expected, received: received)
  }

  @inline(__always)
  private mutating func place(_ count: Int, _ field: StaticString) throws(WireError) -> UnsafeRawPointer {
    guard count <= remaining else { throw tooShort(count, field) }
    defer { next += count }
    return next
  }

  // Apart, so that what is inlined everywhere is a comparison and a load.
  @inline(never)
  private func tooShort(_ count: Int, _ field: StaticString) -> WireError {
    error(field, expected: "\(count) bytes", received: "\(remaining) bytes")
  }
}
