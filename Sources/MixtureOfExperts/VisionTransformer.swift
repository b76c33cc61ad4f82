package import Layers
package import Randomness
package import Tensors

/// F for CIFAR-sized pictures: a vision transformer (Dosovitskiy et al. 2021) behind a convolutional stem (Xiao et al. 2021),
/// which small data sets want: 384 latents.
///
///     [n, 3, 32, 32] conv1 -> [n, 64, 32, 32] conv2 -> [n, 128, 16, 16] conv3 -> [n, 384, 8, 8]
///     tokens + pos_embed -> [n, 64, 384] six blocks, norm, mean over tokens -> [n, 384]
///
/// The blocks' hidden layers are twice as wide as a token, where four times is usual: CPUs are to train it, and the width
/// matters less than the depth for pictures of 64 tokens. 7.7 million parameters, 0.52 billion products an image.
package struct VisionTransformer: Layer {
  package static let width = 384
  package static let heads = 6
  package static let hidden = 768
  package static let depth = 6
  private static let tokens = 64

  /// conv1 to conv3.
  private var stem: [NormalisedConvolution]
  private var positions: PositionEmbedding
  private var blocks: [TransformerBlock]
  private var norm: LayerNormalisation
  /// What is done to the tokens in training.
  private var patchDropout: PatchDropout?
  private let pictureTokens = PictureTokens()
  private let mean = TokenMean()

  package init(using generator: inout some RandomNumberGenerator) {
    stem = []
    var channels = 3
    for (place, next) in [64, 128, Self.width].enumerated() {
      stem.append(
        NormalisedConvolution(
          channels, next, kernel: 3, stride: place == 0 ? 1 : 2, padding: 1, activation: .relu, using: &generator))
      channels = next
    }
    positions = PositionEmbedding(tokens: Self.tokens, width: Self.width, using: &generator)
    blocks = []
    for _ in 0..<Self.depth {
      blocks.append(TransformerBlock(Self.width, heads: Self.heads, hidden: Self.hidden, using: &generator))
    }
    norm = LayerNormalisation(Self.width)
  }

  private init(
    stem: [NormalisedConvolution], positions: PositionEmbedding, blocks: [TransformerBlock], norm: LayerNormalisation
  ) {
    self.stem = stem
    self.positions = positions
    self.blocks = blocks
    self.norm = norm
  }

  /// The network that drops branches in training: none of the first block's, `rate` of the last one's, and in between
  /// evenly more.
  ///
  /// - Parameter firstImage: the number, in the stream, of the first image that it will see.
  package func withStochasticDepth(_ rate: Float, stream: StreamKey, firstImage: UInt64) -> VisionTransformer {
    var network = self
    for index in blocks.indices {
      func depth(_ branch: Int) -> StochasticDepth {
        StochasticDepth(
          rate * Float(index) / Float(blocks.count - 1), stream: stream.appending(UInt64(2 * index + branch)),
          firstImage: firstImage)
      }
      network.blocks[index].depths = (depth(0), depth(1))
    }
    return network
  }

  /// The network that sees only a part of every picture's places in training.
  ///
  /// - Parameter firstImage: the number, in the stream, of the first image that it will see.
  package func withPatchDropout(_ rate: Float, stream: StreamKey, firstImage: UInt64) -> VisionTransformer {
    var network = self
    network.patchDropout = PatchDropout(rate, stream: stream, firstImage: firstImage)
    return network
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    let tokens = positions(pictureTokens(stem.reduce(x) { x, layer in layer(x) }))
    return mean(norm(blocks.reduce(tokens) { x, block in block(x) }))
  }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<VisionTransformer>) {
    let (a, firstBack) = stem[0].pulledBack(x)
    let (z, restBack) = restPulledBack(a)
    return (
      z,
      { dz in
        var (da, gradient) = restBack(dz)
        (da, gradient.stem[0]) = firstBack(da)
        return (da, gradient)
      }
    )
  }

  package func pulledBackFromData(_ x: Tensor) -> (y: Tensor, pullback: (_ dy: Tensor) -> VisionTransformer) {
    let (a, firstBack) = stem[0].pulledBackFromData(x)
    let (z, restBack) = restPulledBack(a)
    return (
      z,
      { dz in
        var (da, gradient) = restBack(dz)
        gradient.stem[0] = firstBack(da)
        return gradient
      }
    )
  }

  /// All after conv1, whose output is `a`; in the gradient's place of conv1 is conv1 itself.
  private func restPulledBack(
    _ a: Tensor
  ) -> (z: Tensor, pullback: (_ dz: Tensor) -> (da: Tensor, gradient: VisionTransformer)) {
    let (b, secondBack) = stem[1].pulledBack(a)
    let (c, thirdBack) = stem[2].pulledBack(b)
    let (tokens, tokensBack) = pictureTokens.pulledBack(c)
    let (placed, positionsBack) = positions.pulledBack(tokens)
    let dropped = patchDropout?.pulledBack(placed)
    var y = dropped?.y ?? placed
    let pullbacks = blocks.map { block in
      let (next, pullback) = block.pulledBack(y)
      y = next
      return pullback
    }
    let (normal, normBack) = norm.pulledBack(y)
    let (z, meanBack) = mean.pulledBack(normal)
    return (
      z,
      { [self] dz in
        var gradient = self
        var dy: Tensor
        (dy, gradient.norm) = normBack(meanBack(dz).dx)
        for index in blocks.indices.reversed() { (dy, gradient.blocks[index]) = pullbacks[index](dy) }
        if let dropped { dy = dropped.pullback(dy).dx }
        (dy, gradient.positions) = positionsBack(dy)
        (dy, gradient.stem[2]) = thirdBack(tokensBack(dy).dx)
        (dy, gradient.stem[1]) = secondBack(dy)
        return (dy, gradient)
      }
    )
  }

  package mutating func visitParameters(_ visit: ParameterVisitor) {
    for index in stem.indices {
      stem[index].visitParameters(
        visit.under("stem"), convolution: "conv\(index + 1)", normalisation: "bn\(index + 1)")
    }
    positions.visitParameters(visit, "pos_embed")
    for index in blocks.indices { blocks[index].visitParameters(visit.under("blocks").under(index)) }
    norm.visitParameters(visit.under("norm"))
  }
}
