import CPhilox

/// Many samples at once, about 2 ns a Gaussian with AVX2, the same bits with and without it.
///
/// A bulk draw begins at the next group of 32 words (16 positions) of the stream and uses up whole groups.
extension CounterGenerator {
  /// Fills `buffer` with independent samples of N(0, 1).
  package mutating func fillGaussian(_ buffer: UnsafeMutableBufferPointer<Float>) {
    guard let base = buffer.baseAddress else { return }
    cphilox_gaussians(Self.variant, bulkStream, takeGroups(words: buffer.count), base, buffer.count)
  }

  /// Adds `scale` times a sample of N(0, 1) to every value.
  package mutating func addGaussian(scale: Float, to buffer: UnsafeMutableBufferPointer<Float>) {
    guard let base = buffer.baseAddress else { return }
    cphilox_add_gaussians(Self.variant, bulkStream, takeGroups(words: buffer.count), scale, base, buffer.count)
  }

  /// Fills `buffer` with independent uniform 32-bit words.
  package mutating func fillWords(_ buffer: UnsafeMutableBufferPointer<UInt32>) {
    guard let base = buffer.baseAddress else { return }
    cphilox_words(Self.variant, bulkStream, takeGroups(words: buffer.count), base, buffer.count)
  }

  private var bulkStream: cphilox_stream {
    cphilox_stream(key: stream.key, counter_high: stream.counterHigh)
  }

  private mutating func takeGroups(words: Int) -> UInt64 {
    let first = (position &+ 15) >> 4
    position = (first &+ UInt64((words + 31) / 32)) << 4
    return first
  }

  private static let variant = cphilox_best()
}
