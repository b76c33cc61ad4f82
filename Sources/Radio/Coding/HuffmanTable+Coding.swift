extension HuffmanTable {
  /// Appends the codewords of `symbols` to a run of bits.
  func encode(_ symbols: UnsafeBufferPointer<UInt8>, into bits: inout BitWriter) {
    codewords.withUnsafeBufferPointer { codewords in
      for symbol in symbols {
        let entry = codewords[Int(symbol)]
        bits.write(entry & 0xFFFF, count: Int(entry >> 16))
      }
    }
  }

  /// Decodes values until `symbols` is full or the bits end, whatever the bits are.
  /// - Returns: how many values were decoded; fewer than asked for only when the bits end.
  func decode(_ bits: inout BitReader, into symbols: UnsafeMutableBufferPointer<UInt8>) -> Int {
    lookup.withUnsafeBufferPointer { lookup in
      for i in symbols.indices {
        let window = bits.peek()
        let entry = lookup[Int(window >> UInt32(32 - Self.lookupBits))]
        var length = Int(entry >> 8)
        var symbol = UInt8(truncatingIfNeeded: entry)
        if length == 0 { (symbol, length) = longCodeword(window) }
        guard length <= bits.remaining else { return i }
        bits.skip(length)
        symbols[i] = symbol
      }
      return symbols.count
    }
  }

  /// The codeword longer than the lookup that `window` begins with. The code is complete: there always is one.
  private func longCodeword(_ window: UInt32) -> (UInt8, Int) {
    for length in (Self.lookupBits + 1)...Self.maximumLength {
      let index = (window >> UInt32(32 - length)) &- first[length]
      if index < count[length] { return (ordered[offset[length] + Int(index)], length) }
    }
    preconditionFailure("a complete code has a codeword for every run of bits")
  }
}
