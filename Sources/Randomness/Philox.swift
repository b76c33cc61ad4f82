/// The counter-based generator Philox4x32-10: 128 bits of counter and 64 bits of key to 128 random bits.
///
/// A block is a pure function of its counter, so any part of a stream is reached in constant time and in any order.
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011; known-answer vectors of
/// the Random123 library.
package enum Philox {
  /// The four words that belong to `counter` under `key`.
  package static func block(key: (UInt32, UInt32), counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
    var (k0, k1) = key
    var (x0, x1, x2, x3) = (counter.x, counter.y, counter.z, counter.w)
    for _ in 0..<10 {
      let a = UInt64(x0) &* 0xD251_1F53
      let b = UInt64(x2) &* 0xCD9E_8D57
      x0 = UInt32(truncatingIfNeeded: b >> 32) ^ x1 ^ k0
      x2 = UInt32(truncatingIfNeeded: a >> 32) ^ x3 ^ k1
      x1 = UInt32(truncatingIfNeeded: b)
      x3 = UInt32(truncatingIfNeeded: a)
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return SIMD4(x0, x1, x2, x3)
  }
}
