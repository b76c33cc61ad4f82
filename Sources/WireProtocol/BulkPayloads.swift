/// Floats that lie 64-byte aligned in memory, usually inside the frame that brought them.
package struct FloatPayload: Sendable {
  let storage: AlignedBytes
  let offset: Int
  package let count: Int

  init(storage: AlignedBytes, offset: Int, count: Int) {
    self.storage = storage
    self.offset = offset
    self.count = count
  }

  /// Memory for `count` floats, all of which `fill` writes.
  package init(count: Int, fill: (UnsafeMutableBufferPointer<Float>) -> Void) {
    self.init(storage: AlignedBytes(count: 4 * count), offset: 0, count: count)
    fill(UnsafeMutableBufferPointer(start: storage.start.bindMemory(to: Float.self, capacity: count), count: count))
  }

  package init(_ floats: some Collection<Float>) {
    self.init(count: floats.count) { _ = $0.initialize(from: floats) }
  }

  package static let empty = FloatPayload([])

  package func withUnsafeBufferPointer<Result>(
    _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(storage) {
      let start = (storage.start + offset).assumingMemoryBound(to: Float.self)
      return try body(UnsafeBufferPointer(start: start, count: count))
    }
  }

  package subscript(index: Int) -> Float {
    precondition(index >= 0 && index < count, "float \(index) of \(count)")
    return storage.start.load(fromByteOffset: offset + 4 * index, as: Float.self)
  }

  package var scalars: [Float] { withUnsafeBufferPointer(Array.init) }
}

extension FloatPayload: Equatable {
  package static func == (left: Self, right: Self) -> Bool {
    left.count == right.count
      && left.withUnsafeBufferPointer { a in right.withUnsafeBufferPointer { b in a.elementsEqual(b) } }
  }
}

/// Bytes that lie 64-byte aligned in memory, usually inside the frame that brought them.
package struct BytePayload: Sendable {
  let storage: AlignedBytes
  let offset: Int
  package let count: Int

  init(storage: AlignedBytes, offset: Int, count: Int) {
    self.storage = storage
    self.offset = offset
    self.count = count
  }

  /// Memory for `count` bytes, all of which `fill` writes.
  package init(count: Int, fill: (UnsafeMutableRawBufferPointer) -> Void) {
    self.init(storage: AlignedBytes(count: count), offset: 0, count: count)
    fill(storage.mutableBytes)
  }

  package init(_ bytes: some Collection<UInt8>) {
    self.init(count: bytes.count) { $0.copyBytes(from: bytes) }
  }

  package static let empty = BytePayload([])

  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(storage) { try body(UnsafeRawBufferPointer(start: storage.start + offset, count: count)) }
  }

  package subscript(index: Int) -> UInt8 {
    precondition(index >= 0 && index < count, "byte \(index) of \(count)")
    return storage.start.load(fromByteOffset: offset + index, as: UInt8.self)
  }
}

extension BytePayload: Equatable {
  package static func == (left: Self, right: Self) -> Bool {
    left.count == right.count && left.withUnsafeBytes { a in right.withUnsafeBytes { b in a.elementsEqual(b) } }
  }
}
