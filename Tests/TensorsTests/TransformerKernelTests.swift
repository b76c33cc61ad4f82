import Tensors
import Testing

/// Every backend's kernels of transformers against the portable ones, with shapes that vectors fill and that they do not.
struct TransformerKernelTests {
  private static let tolerance: Float = 2e-5

  @Test(arguments: backends, [[40, 64], [3, 5, 48], [7, 10], [600, 16]])
  func `layer normalisation agrees`(_ name: String, _ shape: [Int]) throws {
    let backend = try Kernels.backend(named: name)
    var numbers = Numbers()
    let x = numbers.tensor(shape).map { 3 * $0 + 1 }
    let (gain, bias) = (numbers.tensor([shape.last ?? 0]), numbers.tensor([shape.last ?? 0]))
    let dy = numbers.tensor(shape)
    let expected = Kernels.reference.layerNorm(x, gain: gain, bias: bias)
    let gradient = Kernels.reference.layerNormGradient(dy, x: x, moments: expected.moments, gain: gain)
    for threads in [1, 3] {
      Kernels.with(threads: threads) {
        let own = backend.layerNorm(x, gain: gain, bias: bias)
        #expect(own.y.relativeDistance(to: expected.y) < Self.tolerance)
        #expect(own.moments.relativeDistance(to: expected.moments) < Self.tolerance)
        let ownGradient = backend.layerNormGradient(dy, x: x, moments: own.moments, gain: gain)
        #expect(ownGradient.dx.relativeDistance(to: gradient.dx) < Self.tolerance)
        #expect(ownGradient.gain.relativeDistance(to: gradient.gain) < Self.tolerance)
        #expect(ownGradient.bias.relativeDistance(to: gradient.bias) < Self.tolerance)
      }
    }
  }

  @Test(arguments: backends) func `GELU agrees from one tail to the other`(_ name: String) throws {
    let backend = try Kernels.backend(named: name)
    let x = Tensor((0..<20_011).map { (Float($0) - 10_005) / 1_000 }, shape: [20_011])
    let dy = Tensor(repeating: 1, shape: [20_011])
    let (y, expected) = (backend.gelu(x), Kernels.reference.gelu(x))
    for i in 0..<x.count { #expect(abs(y[i] - expected[i]) < 2e-6) }
    #expect(backend.geluGradient(dy, x: x).relativeDistance(to: Kernels.reference.geluGradient(dy, x: x)) < 2e-6)
    #expect(abs(Kernels.reference.gelu(Tensor([1], shape: [1]))[0] - 0.841_344_746) < 1e-6)
  }

  @Test(arguments: backends, [(tokens: 64, heads: 2, width: 64), (16, 3, 32), (48, 1, 16), (7, 2, 5), (32, 2, 40)])
  func `attention agrees`(_ name: String, _ shape: (tokens: Int, heads: Int, width: Int)) throws {
    let backend = try Kernels.backend(named: name)
    var numbers = Numbers()
    let width = shape.heads * shape.width
    let qkv = numbers.tensor([3, shape.tokens, 3 * width]).map { 2 * $0 }
    let dy = numbers.tensor([3, shape.tokens, width])
    let expected = Kernels.reference.attention(qkv, heads: shape.heads)
    let gradient = Kernels.reference.attentionGradient(dy, qkv: qkv, probabilities: expected.probabilities)
    for threads in [1, 2] {
      Kernels.with(threads: threads) {
        let own = backend.attention(qkv, heads: shape.heads)
        #expect(own.y.relativeDistance(to: expected.y) < Self.tolerance)
        #expect(own.probabilities.relativeDistance(to: expected.probabilities) < Self.tolerance)
        let ownGradient = backend.attentionGradient(dy, qkv: qkv, probabilities: own.probabilities)
        #expect(ownGradient.relativeDistance(to: gradient) < Self.tolerance)
      }
    }
  }

  /// Rows around the block of 64, a depth around that of 256, outputs around 192.
  ///
  /// Where bfloat16 is asked for, a product whose shape would not gain by it may be of the floats themselves.
  @Test(
    arguments: backends,
    [(rows: 64, inputs: 96, outputs: 144), (130, 48, 240), (330, 144, 96), (600, 48, 96), (69, 48, 48)])
  func `products of many rows agree, in floats and in bfloat16`(
    _ name: String, _ shape: (rows: Int, inputs: Int, outputs: Int)
  ) throws {
    let backend = try Kernels.backend(named: name)
    var numbers = Numbers()
    let x = numbers.tensor([shape.rows, shape.inputs])
    let weight = numbers.tensor([shape.outputs, shape.inputs])
    let bias = numbers.tensor([shape.outputs])
    let dy = numbers.tensor([shape.rows, shape.outputs])
    for precision in Precision.allCases where precision == .fp32 || backend.hasBFloat16 {
      let readings: [(Tensor) -> Tensor] = precision == .bf16 ? [{ $0.roundedToBFloat16 }, { $0 }] : [{ $0 }]
      func distance(of own: Tensor, to product: ((Tensor) -> Tensor) -> Tensor) -> Float {
        readings.map { own.relativeDistance(to: product($0)) }.min() ?? .infinity
      }
      for threads in [1, 2] {
        Kernels.with(threads: threads) {
          let y = backend.linear(x, weight: weight, bias: bias, activation: .relu, precision: precision)
          #expect(
            distance(of: y) { Oracle.linear($0(x), weight: $0(weight), bias: bias, activation: .relu) } < Self.tolerance
          )
          let dx = backend.linearInputGradient(dy, weight: weight, inputShape: x.shape, precision: precision)
          #expect(distance(of: dx) { Oracle.linearInputGradient($0(dy), weight: $0(weight)) } < Self.tolerance)
          let gradient = backend.linearWeightGradient(dy, x: x, precision: precision)
          #expect(
            distance(of: gradient.weight) { Oracle.linearWeightGradient($0(dy), x: $0(x)).weight } < Self.tolerance)
          #expect(gradient.bias.relativeDistance(to: Oracle.linearWeightGradient(dy, x: x).bias) < Self.tolerance)
        }
      }
    }
  }
}
