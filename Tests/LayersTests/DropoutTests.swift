import Layers
import Randomness
import Tensors
import Testing

struct DropoutTests {
  private static let stream = StreamKey(seed: 4, 1)
  private let x = Tensor((0..<2_000).map { Float($0 % 13) - 6.5 }, shape: [50, 40])

  @Test func `inference changes nothing, and neither does a rate of zero`() {
    #expect(Dropout(0.5, stream: Self.stream)(x) == x)
    let (y, pullback) = Dropout(0, stream: Self.stream).pulledBack(x)
    #expect(y == x && pullback(x).dx == x)
  }

  @Test(arguments: [0.1, 0.5, 0.8] as [Float])
  func `training zeroes the share asked for and scales the rest up`(rate: Float) {
    let ones = Tensor(repeating: 1, shape: [400, 30])
    let y = Dropout(rate, stream: Self.stream).pulledBack(ones).y.scalars
    #expect(Set(y) == [0, 1 / (1 - rate)])
    let dropped = Double(y.count { $0 == 0 })
    let (mean, deviation) = (12_000 * Double(rate), (12_000 * Double(rate) * Double(1 - rate)).squareRoot())
    #expect(abs(dropped - mean) < 5 * deviation)
  }

  @Test func `the pullback is the derivative: it passes what the layer passed, equally scaled`() {
    let layer = Dropout(0.4, stream: Self.stream)
    let (y, pullback) = layer.pulledBack(x)
    let dy = Tensor((0..<x.count).map { Float($0 % 7) + 1 }, shape: x.shape)
    let numerical = numericalGradient(at: x.rows(0..<3)) { part in
      zip(layer.pulledBack(part).y.scalars, dy.scalars).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    #expect(pullback(dy).dx.rows(0..<3).relativeDistance(to: numerical) < 1e-5)
    #expect(zip(y.scalars, pullback(dy).dx.scalars).allSatisfy { ($0.0 == 0) == ($0.1 == 0) })
  }

  @Test func `a row's mask is that of its number, whatever part of a batch it is in`() {
    let whole = Dropout(0.3, stream: Self.stream, firstRow: 100).pulledBack(x).y
    let part = Dropout(0.3, stream: Self.stream, firstRow: 117).pulledBack(x.rows(17..<21)).y
    #expect(part == whole.rows(17..<21))
    #expect(Dropout(0.3, stream: StreamKey(seed: 4, 2), firstRow: 100).pulledBack(x).y != whole)
  }
}
