package import Randomness

/// A few operations on every image, drawn at random and all of one strength (RandAugment, Cubuk et al. 2020): the operations
/// and strengths of torchvision's `RandAugment`, with bilinear interpolation and grey where an image is moved away.
package struct RandAugment: Sendable, Hashable, Codable {
  /// N: how many operations follow each other; one may come again.
  package var operations: Int
  /// M, 0 to ``greatestMagnitude``: the larger, the further operations go.
  package var magnitude: Int

  package static let greatestMagnitude = 30

  package init(operations: Int, magnitude: Int) {
    precondition(
      operations >= 0 && (0...Self.greatestMagnitude).contains(magnitude), "RandAugment(\(operations), \(magnitude))")
    self.operations = operations
    self.magnitude = magnitude
  }

  /// What is drawn from, each with the same probability.
  package enum Kind: CaseIterable, Sendable {
    case identity, autocontrast, equalise, rotation, solarisation, colour, posterisation, contrast, brightness
    case sharpness, shearX, shearY, shiftX, shiftY
  }

  /// The operations on the image with this index, whatever was drawn before.
  ///
  /// - Parameter stream: that of the epoch's augmentation.
  package func draw(image: Int, width: Int, height: Int, from stream: StreamKey) -> [ImageOperation] {
    var generator = CounterGenerator(stream.appending(0x7261_6E64).appending(UInt64(image)))  // "rand"
    return (0..<operations).map { _ in
      let kind = Kind.allCases[Int(generator.uniform(below: UInt64(Kind.allCases.count)))]
      let isReversed = generator.next() >> 63 == 1
      return operation(kind, isReversed: isReversed, width: width, height: height)
    }
  }

  /// An operation at this magnitude; one with a direction goes either way.
  package func operation(_ kind: Kind, isReversed: Bool, width: Int, height: Int) -> ImageOperation {
    let strength = Double(magnitude) / Double(Self.greatestMagnitude)
    let signed = isReversed ? -strength : strength
    /// At most 150 of 331 pixels, and whole ones.
    func shift(_ size: Int) -> Double { (signed * 150 / 331 * Double(size)).rounded(.towardZero) }
    let factor = Float(1 + 0.9 * signed)
    return switch kind {
    case .identity: .identity
    case .autocontrast: .autocontrast
    case .equalise: .equalise
    case .rotation: .map(.rotation(degrees: 30 * signed, width: width, height: height))
    case .solarisation: .solarise(threshold: 255 * (1 - strength))
    case .colour: .colour(factor)
    case .posterisation: .posterise(bits: 8 - Int((4 * strength).rounded(.toNearestOrEven)))
    case .contrast: .contrast(factor)
    case .brightness: .brightness(factor)
    case .sharpness: .sharpness(factor)
    case .shearX: .map(AffineMap(xy: 0.3 * signed))
    case .shearY: .map(AffineMap(yx: 0.3 * signed))
    case .shiftX: .map(AffineMap(x: -shift(width)))
    case .shiftY: .map(AffineMap(y: -shift(height)))
    }
  }
}
