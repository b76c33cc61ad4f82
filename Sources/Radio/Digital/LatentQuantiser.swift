/// The smallest and the largest value of a latent vector: what scales its 8-bit values (eqs. 10-11).
public struct LatentRange: Hashable, Sendable, Codable {
  /// z_min.
  public let minimum: Float
  /// z_max.
  public let maximum: Float

  public init(minimum: Float, maximum: Float) {
    self.minimum = minimum
    self.maximum = maximum
  }

  /// The range of a vector.
  /// - Throws: ``LatentEncodingError`` where a value, or the width of the range, is not a finite number.
  public init(of latents: UnsafeBufferPointer<Float>) throws(LatentEncodingError) {
    var low = SIMD8<Float>(repeating: .infinity)
    var high = -low
    // A sum of 0 x is NaN as soon as one x is infinite or NaN, and 0 otherwise.
    var probe = SIMD8<Float>(repeating: 0)
    let whole = latents.count & ~7
    let raw = UnsafeRawBufferPointer(latents)
    for i in stride(from: 0, to: whole, by: 8) {
      let x = raw.loadUnaligned(fromByteOffset: 4 * i, as: SIMD8<Float>.self)
      low = pointwiseMin(low, x)
      high = pointwiseMax(high, x)
      probe += x * 0
    }
    var (minimum, maximum, sum) = (low.min(), high.max(), probe.sum())
    for x in latents[whole...] {
      minimum = min(minimum, x)
      maximum = max(maximum, x)
      sum += x * 0
    }
    guard sum == 0 else {
      let index = latents.firstIndex { !$0.isFinite } ?? 0
      throw LatentEncodingError(expected: "finite numbers", received: "\(latents[index]) at index \(index)")
    }
    guard latents.isEmpty || (maximum - minimum).isFinite else {
      throw LatentEncodingError(expected: "a range below 3.4e38", received: "\(minimum) to \(maximum)")
    }
    self.init(minimum: latents.isEmpty ? 0 : minimum, maximum: latents.isEmpty ? 0 : maximum)
  }

  /// eq. (10): round((z - z_min) (2^8 - 1)/(z_max - z_min)), halves to even; 0 throughout for a constant vector.
  public func quantise(_ latents: UnsafeBufferPointer<Float>, into values: UnsafeMutableBufferPointer<UInt8>) {
    precondition(values.count == latents.count, "one value a latent")
    let width = maximum - minimum
    guard width > 0 else {
      values.update(repeating: 0)
      return
    }
    // The quotient first: 255/width is infinite for the smallest widths.
    for i in latents.indices {
      values[i] = UInt8(truncatingIfNeeded: Int32(((latents[i] - minimum) / width * 255).rounded(.toNearestOrEven)))
    }
  }

  /// eq. (11): z_quant (z_max - z_min)/(2^8 - 1) + z_min.
  public func reconstruct(_ values: UnsafeBufferPointer<UInt8>, into latents: UnsafeMutableBufferPointer<Float>) {
    precondition(values.count <= latents.count, "one latent a value")
    let step = (maximum - minimum) / 255
    for i in values.indices { latents[i] = Float(values[i]) * step + minimum }
  }
}

/// A latent vector cannot be sent.
public struct LatentEncodingError: Error, Hashable, CustomStringConvertible {
  public let expected: String
  public let received: String

  public var description: String { "latents: expected \(expected), received \(received)" }
}
