import Datasets
import Randomness
import Testing

struct AugmentationTests {
  static let shape = ImageShape(channels: 2, height: 5, width: 6)
  static let set = ImageSet(
    name: "s", shape: shape, classNames: ["a"], labels: [Int](repeating: 0, count: 300),
    pixels: (0..<300 * shape.count).map { UInt8(truncatingIfNeeded: $0 * 31 + $0 / 251 + 1) })
  static let stream = Augmentation.stream(seed: 5, epoch: 3)

  private func batch(_ indices: [Int], _ augmentation: Augmentation, threads: Int = 2) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: indices.count * Self.shape.count) { output, initialized in
      Self.set.writeBatch(indices[...], augmentation: augmentation, stream: Self.stream, to: output, threads: threads)
      initialized = output.count
    }
  }

  /// The definition, pixel by pixel.
  private func expected(_ index: Int, _ augmentation: Augmentation) -> [UInt8] {
    let (shape, image) = (Self.shape, Array(Self.set[index]))
    let draw = augmentation.draw(image: index, from: Self.stream)
    func mirrored(_ position: Int, _ count: Int) -> Int {
      position < 0 ? -position : position >= count ? 2 * (count - 1) - position : position
    }
    return (0..<shape.count).map { value in
      let (channel, row, column) = (value / 30, value / 6 % 5, value % 6)
      let y = row + draw.down
      let x = (draw.isFlipped ? shape.width - 1 - column : column) + draw.right
      if augmentation.border == .reflected {
        return image[channel * 30 + mirrored(y, 5) * 6 + mirrored(x, 6)]
      }
      return (0..<5).contains(y) && (0..<6).contains(x) ? image[channel * 30 + y * 6 + x] : 0
    }
  }

  @Test(arguments: [Augmentation.Border.black, .reflected], 0...4)
  func `a batch holds the crops and flips that the draws say`(border: Augmentation.Border, padding: Int) {
    let augmentation = Augmentation(padding: padding, border: border)
    let indices = Array((0..<300).reversed()) + [7, 7]
    #expect(batch(indices, augmentation) == indices.flatMap { expected($0, augmentation) })
  }

  @Test(arguments: [1, 2, 3, 8]) func `a cutout blackens a square around a place anywhere in the image`(side: Int) {
    let augmentation = Augmentation(padding: 0, flips: false, cutout: side)
    var centres = Set<[Int]>()
    for index in 0..<300 {
      let draw = augmentation.draw(image: index, from: Self.stream)
      let (x, y) = ((Int(draw.holeX) * 6) >> 16, (Int(draw.holeY) * 5) >> 16)
      centres.insert([x, y])
      let (columns, rows) = (x - side / 2..<x - side / 2 + side, y - side / 2..<y - side / 2 + side)
      let image = Array(Self.set[index])
      let expected = (0..<Self.shape.count).map { value in
        columns.contains(value % 6) && rows.contains(value / 6 % 5) ? 0 : image[value]
      }
      #expect(batch([index], augmentation) == expected)
    }
    #expect(centres.count == 30)
  }

  @Test func `no augmentation gives the images themselves`() {
    #expect(batch(Array(0..<300), .none) == Self.set.pixels)
  }

  @Test(arguments: [1, 2, 3, 7, 1_000])
  func `the number of threads does not change a bit`(threads: Int) {
    let augmentation = Augmentation(padding: 2)
    #expect(batch(Array(50..<250), augmentation, threads: threads) == batch(Array(50..<250), augmentation, threads: 1))
  }

  @Test func `an image's variation does not depend on the batch around it`() {
    let augmentation = Augmentation(padding: 2)
    let whole = batch(Array(0..<300), augmentation)
    let part = batch([299, 17], augmentation)
    #expect(Array(part[60...]) == Array(whole[17 * 60..<18 * 60]))
  }

  @Test func `floats are scaled and shifted by channel`() {
    let indices = [3, 4, 5]
    let augmentation = Augmentation(padding: 2)
    let bytes = batch(indices, augmentation)
    let floats = [Float](unsafeUninitializedCapacity: bytes.count) { output, initialized in
      Self.set.writeBatch(
        indices[...], augmentation: augmentation, stream: Self.stream, scale: [0.5, 2], offset: [1, -3], to: output,
        threads: 2)
      initialized = output.count
    }
    let expected = bytes.enumerated().map {
      $0.offset / 30 % 2 == 0 ? 0.5 * Float($0.element) + 1 : 2 * Float($0.element) - 3
    }
    #expect(floats == expected)
  }

  @Test func `shifts and flips are equally likely, and differ between epochs`() {
    let augmentation = Augmentation(padding: 2)
    let images = 50_000
    let draws = (0..<images).map { augmentation.draw(image: $0, from: Self.stream) }
    let tolerance = 5 * (Double(images) * 0.2 * 0.8).squareRoot()
    for shift in -2...2 {
      #expect(abs(Double(draws.count { $0.right == shift }) - 0.2 * Double(images)) < tolerance)
      #expect(abs(Double(draws.count { $0.down == shift }) - 0.2 * Double(images)) < tolerance)
    }
    #expect(abs(Double(draws.count { $0.isFlipped }) - 0.5 * Double(images)) < tolerance)
    let next = Augmentation.stream(seed: 5, epoch: 4)
    let repeated = draws.indices.count { draws[$0] == augmentation.draw(image: $0, from: next) }
    #expect(abs(Double(repeated) - Double(images) / 50) < tolerance)
    #expect(!(0..<100).contains { Augmentation(padding: 2, flips: false).draw(image: $0, from: next).isFlipped })
  }
}
