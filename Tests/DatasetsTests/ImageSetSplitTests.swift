import Datasets
import Digests
import Testing

struct ImageSetSplitTests {
  static func set(_ order: [Int], classCount: Int = 10) -> ImageSet {
    ImageSet(
      name: "s", shape: ImageShape(channels: 1, height: 1, width: 3), classNames: (0..<classCount).map(String.init),
      labels: order.map { $0 % classCount },
      pixels: order.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 / 256), 5] })
  }

  @Test func `an image's digest is that of its label and pixels`() {
    let set = Self.set([1, 13, 300])
    let expected: [[UInt8]] = [[1, 1, 0, 5], [3, 13, 0, 5], [0, 44, 1, 5]]
    #expect(set.imageDigests() == expected.map { SHA256Digest.of($0) })
  }

  @Test func `a label has two bytes among more than 256 classes`() {
    let set = Self.set([1, 300], classCount: 301)
    #expect(set.imageDigests() == [[1, 0, 1, 0, 5], [44, 1, 44, 1, 5]].map { SHA256Digest.of($0 as [UInt8]) })
  }

  @Test func `the split takes the smallest digests and leaves the rest`() {
    let set = Self.set(Array(0..<5_000))
    let (training, validation) = set.split(validationCount: 700)
    let sorted = set.imageDigests().sorted()
    #expect(validation.imageDigests() == Array(sorted[..<700]))
    #expect(training.imageDigests() == Array(sorted[700...]))
  }

  @Test func `a tenth is set aside unless another count is given`() {
    #expect(Self.set(Array(0..<59)).split().validation.count == 5)
    #expect(Self.set(Array(0..<59)).split(validationCount: 0).training.count == 59)
  }

  @Test func `the order of the images changes neither the split nor the digest`() {
    let (a, b) = (Self.set(Array(0..<5_000)), Self.set((0..<5_000).map { ($0 * 7 + 13) % 5_000 }))
    #expect(a.labels != b.labels)
    #expect(a.digest == b.digest)
    #expect(a.split().validation.pixels == b.split().validation.pixels)
    #expect(a.split().training.labels == b.split().training.labels)
  }

  @Test func `another pixel, another label or another image changes the digest`() {
    let digests = [[0, 1, 2], [0, 1, 3], [0, 1], [0, 1, 2, 2]].map { Self.set($0).digest }
    #expect(Set(digests).count == 4)
  }
}
