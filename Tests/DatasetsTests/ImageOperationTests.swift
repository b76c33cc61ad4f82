import Datasets
import Foundation
import Testing

struct ImageOperationTests {
  private static let shape = ImageShape(channels: 3, height: 16, width: 21)

  private static let picture: [UInt8] = (0..<shape.count).map { place in
    let (c, y, x) = (place / 336, place / 21 % 16, place % 21)
    return UInt8(40 + (9 * x + (5 + 3 * c) * y + (31 * x + 17 * y + 7 * c) % 23) % 170)
  }

  private func applied(
    _ operation: ImageOperation, to image: [UInt8] = picture, shape: ImageShape = shape
  ) -> [UInt8] {
    var result = image
    result.withUnsafeMutableBufferPointer { operation.apply(to: $0, shape: shape) }
    return result
  }

  private func recorded(_ name: String) throws -> [UInt8] {
    let text = try #require(operationFixtures[name])
    return [UInt8](try #require(Data(base64Encoded: text)))
  }

  private static let exact: [(String, ImageOperation)] =
    [
      ("autocontrast", .autocontrast), ("equalise", .equalise), ("solarise 178.5", .solarise(threshold: 178.5)),
      ("posterise 4", .posterise(bits: 4)), ("posterise 7", .posterise(bits: 7)),
      ("shear x 0.25", .map(AffineMap(xy: 0.25))), ("shift x 4", .map(AffineMap(x: -4))),
      ("shift y -3", .map(AffineMap(y: 3))),
    ]
    + [0.73, 1.27, 1.9].flatMap { (factor: Float) -> [(String, ImageOperation)] in
      [
        ("brightness \(factor)", .brightness(factor)), ("contrast \(factor)", .contrast(factor)),
        ("colour \(factor)", .colour(factor)), ("sharpness \(factor)", .sharpness(factor)),
      ]
    }

  @Test(arguments: exact) func `an operation's every pixel is Pillow's`(name: String, operation: ImageOperation) throws
  {
    let expected = try recorded(name)
    #expect(applied(operation) == expected)
  }

  /// Sines and products that are not exact may fall on either side of a whole number.
  @Test(arguments: [
    ("shear y -0.09", AffineMap(yx: -0.09)), ("rotate 9", .rotation(degrees: 9, width: 21, height: 16)),
    ("rotate -30", .rotation(degrees: -30, width: 21, height: 16)),
  ]) func `a turn is Pillow's to the last step of 255`(name: String, map: AffineMap) throws {
    let expected = try recorded(name)
    let differences = zip(applied(.map(map)), expected).map { abs(Int($0) - Int($1)) }
    #expect(differences.allSatisfy { $0 <= 1 } && differences.count { $0 == 1 } < 10)
  }

  @Test func `every recorded operation is compared`() {
    #expect(operationFixtures.count == Self.exact.count + 3)
  }

  @Test func `a quarter turn moves every pixel of a square to its place`() {
    let shape = ImageShape(channels: 3, height: 5, width: 5)
    let image = (0..<75).map { UInt8(3 * $0) }
    let turned = applied(.map(.rotation(degrees: 90, width: 5, height: 5)), to: image, shape: shape)
    let expected = (0..<75).map { place in
      let (plane, row, column) = (place / 25 * 25, place / 5 % 5, place % 5)
      return image[plane + column * 5 + 4 - row]
    }
    for (mine, theirs) in zip(turned, expected) { #expect(abs(Int(mine) - Int(theirs)) <= 1) }
  }

  @Test(arguments: [ImageOperation.identity, .brightness(1), .contrast(1), .colour(1), .sharpness(1)])
  func `a factor of 1 changes nothing`(operation: ImageOperation) {
    #expect(applied(operation) == Self.picture)
  }

  @Test func `an image of one value is neither spread nor equalised`() {
    let flat = [UInt8](repeating: 77, count: Self.shape.count)
    #expect(applied(.autocontrast, to: flat) == flat && applied(.equalise, to: flat) == flat)
  }
}
