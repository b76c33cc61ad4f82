extension SHA256Digest {
  /// The ``byteCount`` bytes that start there, at any alignment.
  package init(loading bytes: UnsafeRawPointer) {
    func word(_ index: Int) -> UInt64 {
      UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
    }
    self.init(words: (word(0), word(1), word(2), word(3)))
  }

  /// Writes its ``byteCount`` bytes there, at any alignment.
  package func store(to bytes: UnsafeMutableRawPointer) {
    bytes.storeBytes(of: words.0.bigEndian, as: UInt64.self)
    bytes.storeBytes(of: words.1.bigEndian, toByteOffset: 8, as: UInt64.self)
    bytes.storeBytes(of: words.2.bigEndian, toByteOffset: 16, as: UInt64.self)
    bytes.storeBytes(of: words.3.bigEndian, toByteOffset: 24, as: UInt64.self)
  }
}
