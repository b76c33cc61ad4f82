import Layers
import Randomness
import Tensors
import Testing

struct PatchDropoutTests {
  private static let stream = StreamKey(seed: 4, 1)
  /// Ten images of eight tokens, each of which tells its place: `[10, 8, 3]`.
  private let x = Tensor((0..<240).map { Float($0) }, shape: [10, 8, 3])

  @Test func `inference changes nothing, and neither does a rate of zero`() {
    #expect(PatchDropout(0.5, stream: Self.stream)(x) == x)
    let (y, pullback) = PatchDropout(0, stream: Self.stream).pulledBack(x)
    #expect(y == x && pullback(x).dx == x)
  }

  @Test(arguments: [(0.5, 4), (0.25, 6), (0.89, 1), (0.99, 1)] as [(Float, Int)])
  func `so many whole tokens of every image are kept, none twice`(rate: Float, kept: Int) {
    let y = PatchDropout(rate, stream: Self.stream).pulledBack(x).y
    #expect(y.shape == [10, kept, 3])
    let numbers = y.scalars
    var images: [[Int]] = []
    for image in 0..<10 {
      let tokens = (0..<kept).map { token in
        let first = Int(numbers[(image * kept + token) * 3])
        #expect((1..<3).allSatisfy { numbers[(image * kept + token) * 3 + $0] == Float(first + $0) })
        return first / 3
      }
      #expect(tokens.allSatisfy { image * 8..<(image + 1) * 8 ~= $0 } && Set(tokens).count == kept)
      images.append(tokens.map { $0 % 8 })
    }
    #expect(Set(images).count > 1)
  }

  @Test func `every token is kept about as often`() {
    let many = Tensor((0..<8_000).map { Float($0 % 8) }, shape: [1_000, 8, 1])
    let y = PatchDropout(0.5, stream: Self.stream).pulledBack(many).y
    for place in 0..<8 {
      let times = y.scalars.count { $0 == Float(place) }
      #expect(abs(times - 500) < 80, "\(place): \(times)")
    }
  }

  @Test func `the pullback gives the kept tokens their gradients, and the others none`() {
    let (y, pullback) = PatchDropout(0.5, stream: Self.stream).pulledBack(x)
    // Each number is its own place in x, so that the gradient has it back there.
    let dx = pullback(y).dx
    #expect(dx.shape == x.shape)
    #expect(dx.scalars.enumerated().allSatisfy { $1 == 0 || $1 == Float($0) })
    #expect(dx.scalars.count { $0 != 0 } >= 10 * 4 * 3 - 1)
  }

  @Test func `an image's tokens are chosen by its number, whatever part of a batch it is in`() {
    let whole = PatchDropout(0.5, stream: Self.stream, firstImage: 100).pulledBack(x).y
    let part = PatchDropout(0.5, stream: Self.stream, firstImage: 103).pulledBack(x.rows(3..<5)).y
    #expect(part == whole.rows(3..<5))
    #expect(PatchDropout(0.5, stream: StreamKey(seed: 4, 2), firstImage: 100).pulledBack(x).y != whole)
  }
}
