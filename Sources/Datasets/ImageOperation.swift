/// A change of an image that leaves it showing what it shows; pixel for pixel what Pillow's `ImageOps`, `ImageEnhance` and
/// `Image.transform` do to pictures in red, green and blue.
package enum ImageOperation: Sendable, Hashable {
  case identity
  /// Moved, turned or sheared.
  case map(AffineMap)
  /// Each channel spread over 0 ... 255.
  case autocontrast
  /// Each channel's values made about equally frequent.
  case equalise
  /// Values from the threshold on inverted.
  case solarise(threshold: Double)
  /// The highest bits alone kept, 1 to 8 of them.
  case posterise(bits: Int)
  /// Away from (below 1) or beyond (above 1) itself, on the way from black …
  case brightness(Float)
  /// … from the mean grey …
  case contrast(Float)
  /// … from its own greys …
  case colour(Float)
  /// … from itself smoothed.
  case sharpness(Float)

  /// Changes an image in place. `[3, height, width]`
  package func apply(to image: UnsafeMutableBufferPointer<UInt8>, shape: ImageShape) {
    precondition(shape.channels == 3 && image.count == shape.count, "\(image.count) values of an image of \(shape)")
    switch self {
    case .identity: return
    case .map(let map): Self.replacing(image) { map.transform($0, to: $1, shape: shape) }
    case .autocontrast: Self.eachChannel(of: image) { $0.spreading }
    case .equalise: Self.eachChannel(of: image) { $0.equalising }
    case .solarise(let threshold): Tones { Double($0) < threshold ? $0 : 255 - $0 }.apply(to: image)
    case .posterise(let bits): Tones { $0 & (0xFF << (8 - bits)) }.apply(to: image)
    case .brightness(let factor): Tones { Int(Self.blend(0, $0, factor)) }.apply(to: image)
    case .contrast(let factor):
      let grey = Self.meanLuma(of: image)
      Tones { Int(Self.blend(grey, $0, factor)) }.apply(to: image)
    case .colour(let factor): Self.blendWithGreys(image, factor)
    case .sharpness(let factor):
      Self.replacing(image) { Self.blendWithSmooth($0, factor, to: $1, shape: shape) }
    }
  }

  private static func eachChannel(of image: UnsafeMutableBufferPointer<UInt8>, _ tones: (Histogram) -> Tones) {
    let area = image.count / 3
    for channel in 0..<3 {
      let plane = UnsafeMutableBufferPointer(rebasing: image[channel * area..<(channel + 1) * area])
      tones(Histogram(plane)).apply(to: plane)
    }
  }

  /// Gives `body` a copy of the image to read and the image to write.
  private static func replacing(
    _ image: UnsafeMutableBufferPointer<UInt8>,
    _ body: (UnsafeBufferPointer<UInt8>, UnsafeMutableBufferPointer<UInt8>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: image.count) { copy in
      _ = copy.update(fromContentsOf: image)
      body(UnsafeBufferPointer(copy), image)
    }
  }
}
