import Datasets
import Randomness
import Testing

struct RandAugmentTests {
  private static let stream = Augmentation.stream(seed: 5, epoch: 3)

  private func operation(_ kind: RandAugment.Kind, _ magnitude: Int, reversed: Bool = false) -> ImageOperation {
    RandAugment(operations: 1, magnitude: magnitude).operation(kind, isReversed: reversed, width: 32, height: 32)
  }

  private func draws(_ randAugment: RandAugment, epoch: UInt64 = 3, images: Int = 20_000) -> [[ImageOperation]] {
    let stream = Augmentation.stream(seed: 5, epoch: epoch)
    return (0..<images).map { randAugment.draw(image: $0, width: 32, height: 32, from: stream) }
  }

  /// `RandAugment(2, 9)._augmentation_space(31, (32, 32))` of torchvision, bin 9.
  @Test func `strengths of magnitude 9 are torchvision's for pictures of 32 by 32`() {
    #expect(operation(.shearX, 9) == .map(AffineMap(xy: 0.09)))
    #expect(operation(.shearY, 9, reversed: true) == .map(AffineMap(yx: -0.09)))
    #expect(operation(.shiftX, 9) == .map(AffineMap(x: -4)))
    #expect(operation(.shiftY, 9, reversed: true) == .map(AffineMap(y: 4)))
    #expect(operation(.rotation, 9) == .map(.rotation(degrees: 9, width: 32, height: 32)))
    #expect(operation(.brightness, 9) == .brightness(1.27))
    #expect(operation(.contrast, 9, reversed: true) == .contrast(0.73))
    #expect(operation(.colour, 9) == .colour(1.27))
    #expect(operation(.sharpness, 9, reversed: true) == .sharpness(0.73))
    #expect(operation(.posterisation, 9) == .posterise(bits: 7))
    #expect(operation(.solarisation, 9) == .solarise(threshold: 178.5))
    #expect(operation(.autocontrast, 9) == .autocontrast)
    #expect(operation(.equalise, 9, reversed: true) == .equalise)
  }

  @Test func `strengths reach from none to torchvision's greatest`() {
    #expect(operation(.rotation, 30) == .map(.rotation(degrees: 30, width: 32, height: 32)))
    #expect(operation(.shiftX, 30) == .map(AffineMap(x: -14)))
    #expect(operation(.posterisation, 30) == .posterise(bits: 4))
    #expect(operation(.solarisation, 30) == .solarise(threshold: 0))
    #expect(operation(.colour, 30, reversed: true) == .colour(0.1))
    #expect(operation(.solarisation, 0) == .solarise(threshold: 255))
    #expect(operation(.posterisation, 0) == .posterise(bits: 8))
    #expect(operation(.shearX, 0) == .map(AffineMap()))
  }

  @Test func `all operations are equally likely, either way, and differ between epochs`() {
    let randAugment = RandAugment(operations: 2, magnitude: 9)
    let all = draws(randAugment)
    #expect(all.allSatisfy { $0.count == 2 })
    var counts: [ImageOperation: Int] = [:]
    for operation in all.joined() { counts[operation, default: 0] += 1 }
    // Nine of the fourteen go either way.
    #expect(counts.count == 14 + 9)
    let expected = 40_000.0 / 14
    for kind in RandAugment.Kind.allCases {
      let ways = [false, true].map { randAugment.operation(kind, isReversed: $0, width: 32, height: 32) }
      for way in Set(ways) {
        let share = ways[0] == ways[1] ? expected : expected / 2
        #expect(abs(Double(counts[way] ?? 0) - share) < 5 * share.squareRoot(), "\(way)")
      }
    }
    // Equal operations twice in a row by chance: 1/14 of the pairs, of which half at most agree in direction.
    #expect(abs(Double(all.count { $0[0] == $0[1] }) - 20_000.0 / 14 * (5 + 4.5) / 14) < 200)
    let again = draws(randAugment, epoch: 4)
    #expect(zip(all, again).count { $0 == $1 } < 300)
    #expect(draws(randAugment, images: 100) == Array(all[..<100]))
  }

  @Test func `a batch's images are cropped first, then changed, then cut out`() {
    let shape = ImageShape(channels: 3, height: 32, width: 32)
    let images = ImageSet(
      name: "s", shape: shape, classNames: ["a"], labels: [Int](repeating: 0, count: 60),
      pixels: (0..<60 * shape.count).map { UInt8(truncatingIfNeeded: $0 * 31 + $0 / 251 + 1) })
    func batch(_ indices: [Int], _ augmentation: Augmentation, threads: Int) -> [UInt8] {
      [UInt8](unsafeUninitializedCapacity: indices.count * shape.count) { output, initialized in
        images.writeBatch(
          indices[...], augmentation: augmentation, stream: Self.stream, to: output, threads: threads)
        initialized = output.count
      }
    }
    let randAugment = RandAugment(operations: 2, magnitude: 12)
    let whole = Augmentation(padding: 4, border: .reflected, cutout: 8, randAugment: randAugment)
    let cropped = Augmentation(padding: 4, border: .reflected)
    let cutOut = Augmentation(padding: 0, flips: false, cutout: 8)
    let expected = (0..<60).map { index in
      var image = batch([index], cropped, threads: 1)
      image.withUnsafeMutableBufferPointer { image in
        for operation in randAugment.draw(image: index, width: 32, height: 32, from: Self.stream) {
          operation.apply(to: image, shape: shape)
        }
      }
      let draw = cutOut.draw(image: index, from: Self.stream)
      let (x, y) = ((Int(draw.holeX) * 32) >> 16, (Int(draw.holeY) * 32) >> 16)
      for place in image.indices
      where (x - 4..<x + 4).contains(place % 32) && (y - 4..<y + 4).contains(place / 32 % 32) { image[place] = 0 }
      return image
    }
    #expect(batch(Array(0..<60), whole, threads: 2) == expected.flatMap(\.self))
    #expect(batch([59, 7], whole, threads: 1) == expected[59] + expected[7])
  }
}
