/// The name of a random stream: 128 bits made from a seed and any number of words.
///
/// Half of it becomes Philox's key, the other half the upper half of its counter, so distinct names have streams that do
/// not overlap. Words are absorbed one by one through Philox itself; their order matters.
package struct StreamKey: Hashable, Sendable, Codable {
  package let key: UInt64
  package let counterHigh: UInt64

  /// The stream of a seed alone.
  package init(seed: UInt64) {
    self.init(key: seed, counterHigh: 0x6D6F_652D_6564_6765)  // "moe-edge"
  }

  package init(seed: UInt64, _ words: UInt64...) {
    self = words.reduce(StreamKey(seed: seed)) { $0.appending($1) }
  }

  private init(key: UInt64, counterHigh: UInt64) {
    self.key = key
    self.counterHigh = counterHigh
  }

  /// The stream of this name and one more word.
  package func appending(_ word: UInt64) -> StreamKey {
    let mixed = block(at: word)
    return StreamKey(key: UInt64(low: mixed.x, high: mixed.y), counterHigh: UInt64(low: mixed.z, high: mixed.w))
  }

  /// Four random words: block `index` of the stream.
  package func block(at index: UInt64) -> SIMD4<UInt32> {
    Philox.block(
      key: (key.lowWord, key.highWord),
      counter: SIMD4(index.lowWord, index.highWord, counterHigh.lowWord, counterHigh.highWord))
  }
}

extension UInt64 {
  init(low: UInt32, high: UInt32) {
    self = UInt64(low) | UInt64(high) << 32
  }

  var lowWord: UInt32 { UInt32(truncatingIfNeeded: self) }
  var highWord: UInt32 { UInt32(truncatingIfNeeded: self >> 32) }
}
