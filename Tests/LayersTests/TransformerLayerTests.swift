import Layers
import Randomness
import Tensors
import Testing

/// The layers of a transformer: their pullbacks against slopes of their outputs, and what stochastic depth drops.
struct TransformerLayerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let input: [Int]
    let make: @Sendable (inout Numbers) -> any Layer
  }

  /// With widths for which there are vector kernels, and with others.
  static let cases = [
    Case(testDescription: "LayerNormalisation", input: [5, 4, 32]) { changed(LayerNormalisation(32), &$0) },
    Case(testDescription: "LayerNormalisation of odd width", input: [3, 7]) { changed(LayerNormalisation(7), &$0) },
    Case(testDescription: "GELU", input: [3, 37]) { _ in GELU() },
    Case(testDescription: "MultiHeadAttention", input: [2, 16, 32]) {
      changed(MultiHeadAttention(32, heads: 2, using: &$0), &$0)
    },
    Case(testDescription: "MultiHeadAttention of odd width", input: [2, 5, 6]) {
      changed(MultiHeadAttention(6, heads: 3, using: &$0), &$0)
    },
    Case(testDescription: "PositionEmbedding", input: [3, 4, 5]) {
      PositionEmbedding(tokens: 4, width: 5, using: &$0)
    },
    Case(testDescription: "PictureTokens", input: [2, 3, 2, 4]) { _ in PictureTokens() },
    Case(testDescription: "PictureTokens of blocks", input: [2, 2, 2, 3, 16]) { _ in PictureTokens() },
    Case(testDescription: "TokenMean", input: [2, 5, 9]) { _ in TokenMean() },
    Case(testDescription: "TransformerBlock", input: [4, 16, 48]) {
      changed(TransformerBlock(48, heads: 3, hidden: 96, using: &$0), &$0)
    },
    Case(testDescription: "TransformerBlock of odd width", input: [2, 5, 6]) {
      changed(TransformerBlock(6, heads: 2, hidden: 10, using: &$0), &$0)
    },
    Case(testDescription: "TransformerBlock with stochastic depth", input: [6, 5, 6]) {
      var block = changed(TransformerBlock(6, heads: 2, hidden: 10, using: &$0), &$0)
      block.depths = (
        StochasticDepth(0.5, stream: StreamKey(seed: 1)), StochasticDepth(0.4, stream: StreamKey(seed: 2))
      )
      return block
    },
  ]

  /// Every parameter at random, so that none of them hides behind another one's zeros.
  private static func changed<L: Layer>(_ layer: L, _ numbers: inout Numbers) -> L {
    var layer = layer
    layer.updateParameters { _, _, value in
      let scale = value.shape.count == 2 ? (1.5 / Float(value.rowLength)).squareRoot() : 0.5
      let drawn = numbers.tensor(value.shape)
      value = value.shape.count == 2 ? scale * drawn : value + scale * drawn
    }
    return layer
  }

  @Test(arguments: backends, cases)
  func `a pullback is the slope of the output`(_ backend: String, _ test: Case) throws {
    try Kernels.with(backend: Kernels.backend(named: backend)) {
      var numbers = Numbers(5)
      check(
        test.make(&numbers), at: numbers.tensor(test.input), &numbers,
        hasDepths: test.testDescription.hasSuffix("depth"))
    }
  }

  /// Along random directions of x and of every parameter.
  private func check<L: Layer>(_ layer: L, at x: Tensor, _ numbers: inout Numbers, hasDepths: Bool) {
    let (y, pullback) = layer.pulledBack(x)
    let dy = numbers.tensor(y.shape)
    let (dx, gradient) = pullback(dy)
    func loss(_ y: Tensor) -> Double { zip(y.scalars, dy.scalars).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
    func compare(_ gradient: Tensor, _ name: String, _ moved: (_ change: Tensor) -> Tensor) {
      let direction = numbers.tensor(gradient.shape)
      let slope = (loss(moved(Self.step * direction)) - loss(moved(-Self.step * direction))) / Double(2 * Self.step)
      let expected = zip(gradient.scalars, direction.scalars).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      let length = gradient.scalars.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      #expect(
        abs(slope - expected) < Self.tolerance * max(length, 0.1), "\(name): slope \(slope), gradient \(expected)")
    }
    // Inference is another kernel, and drops nothing.
    if !hasDepths { #expect(layer(x).relativeDistance(to: y) < 1e-5) }
    compare(dx, "x") { layer.pulledBack(x + $0).y }
    for (index, parameter) in gradient.parameters.enumerated() {
      compare(parameter.value, parameter.name) { change in
        var moved = layer
        moved.replaceParameter(index, by: layer.parameters[index].value + change)
        return moved.pulledBack(x).y
      }
    }
  }

  private static let step: Float = 4e-3
  private static let tolerance = 3e-3

  @Test func `stochastic depth drops whole images, scales the others, and knows them by their number`() {
    let x = Tensor(repeating: 1, shape: [400, 3, 2])
    let y = StochasticDepth(0.25, stream: StreamKey(seed: 3), firstImage: 10).pulledBack(x).y
    let images = (0..<400).map { Set(y.rows($0..<$0 + 1).scalars) }
    #expect(images.allSatisfy { $0 == [0] || $0 == [4 / 3] })
    let dropped = images.count { $0 == [0] }
    #expect((60..<140).contains(dropped))
    let part = StochasticDepth(0.25, stream: StreamKey(seed: 3), firstImage: 17).pulledBack(x.rows(0..<9)).y
    #expect(part == y.rows(7..<16))
    #expect(StochasticDepth(0.25, stream: StreamKey(seed: 3))(x) == x)
  }

  @Test(arguments: backends) func `bfloat16 changes a block's output by its rounding and no more`(_ backend: String)
    throws
  {
    try Kernels.with(backend: Kernels.backend(named: backend)) {
      var numbers = Numbers(6)
      let block = Self.changed(TransformerBlock(48, heads: 3, hidden: 96, using: &numbers), &numbers)
      let x = numbers.tensor([2, 16, 48])
      let (exact, rounded) = (block(x), Kernels.with(precision: .bf16) { block(x) })
      #expect(rounded != exact && rounded.relativeDistance(to: exact) < 0.02)
      #expect(Kernels.with(precision: .bf16) { block(x.rows(1..<2)) } == rounded.rows(1..<2))
    }
  }
}
