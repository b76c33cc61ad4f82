/// A random number generator that can be placed anywhere in its stream in constant time.
///
/// Equal streams and positions give equal numbers on every platform, whatever was drawn before. It is encoded as its
/// stream and position.
package struct CounterGenerator: RandomNumberGenerator, Sendable {
  package let stream: StreamKey
  /// How many 64-bit numbers lie before the next one; set it to seek.
  package var position: UInt64
  private var blockIndex = UInt64.max
  private var block = SIMD4<UInt32>()

  package init(_ stream: StreamKey, position: UInt64 = 0) {
    self.stream = stream
    self.position = position
  }

  package init(seed: UInt64, stream words: UInt64..., position: UInt64 = 0) {
    self.init(words.reduce(StreamKey(seed: seed)) { $0.appending($1) }, position: position)
  }

  package mutating func next() -> UInt64 {
    let index = position >> 1
    if index != blockIndex {
      block = stream.block(at: index)
      blockIndex = index
    }
    defer { position &+= 1 }
    return position & 1 == 0 ? UInt64(low: block.x, high: block.y) : UInt64(low: block.z, high: block.w)
  }

  /// Uniform on [0, 1) in steps of 2^-53.
  package mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Uniform on [0, 1) in steps of 2^-24.
  package mutating func uniformFloat() -> Float {
    Float(next() >> 40) * 0x1p-24
  }

  /// Uniform on 0..<bound without bias (Lemire, "Fast random integer generation in an interval", 2019).
  package mutating func uniform(below bound: UInt64) -> UInt64 {
    precondition(bound > 0, "an empty range has no element")
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return product.high
  }

  /// Two independent samples of N(0, 1) (Box-Muller), both from one counter block.
  package mutating func gaussianPair() -> (Double, Double) {
    position = (position &+ 1) & ~1
    // (0, 1]: the logarithm of 0 is none.
    let radius = (-2 * Elementary.log(Double((next() >> 11) + 1) * 0x1p-53)).squareRoot()
    let (cosine, sine) = Elementary.cosSin(turns: uniform())
    return (radius * cosine, radius * sine)
  }
}

extension CounterGenerator: Codable {
  private enum CodingKeys: String, CodingKey {
    case stream, position
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      try container.decode(StreamKey.self, forKey: .stream),
      position: try container.decode(UInt64.self, forKey: .position))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(stream, forKey: .stream)
    try container.encode(position, forKey: .position)
  }
}

extension CounterGenerator: Equatable {
  package static func == (a: CounterGenerator, b: CounterGenerator) -> Bool {
    a.stream == b.stream && a.position == b.position
  }
}
