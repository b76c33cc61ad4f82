package import Randomness
package import Tensors

/// Keeps a random part of every image's tokens in training, which makes steps cheap; inference sees all of them (PatchDropout,
/// Liu et al. 2023).
///
/// Which tokens are kept is a pure function of the stream and the image's number, however a batch is cut into parts.
package struct PatchDropout: ParameterlessLayer {
  package let rate: Float
  private let stream: StreamKey
  private let firstImage: UInt64

  /// - Parameters:
  ///   - rate: the share of tokens that is left out, below 1; one is kept at least.
  ///   - firstImage: the number, in the stream, of the first image of what it is applied to.
  package init(_ rate: Float, stream: StreamKey, firstImage: UInt64 = 0) {
    precondition((0..<1).contains(rate), "a patch dropout of \(rate)")
    self.rate = rate
    self.stream = stream
    self.firstImage = firstImage
  }

  package func callAsFunction(_ x: Tensor) -> Tensor { x }

  /// `[batch, tokens, width]` to `[batch, kept, width]`.
  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<PatchDropout>) {
    guard rate > 0 else { return (x, { dy in (dy, self) }) }
    let (batch, tokens, width) = (x.shape[0], x.shape[1], x.shape[2])
    let count = max(1, Int((Float(tokens) * (1 - rate)).rounded()))
    let kept = chosenTokens(count, of: tokens, batch: batch)
    return (
      x.reshaped([batch * tokens, width]).selectingRows(kept).reshaped([batch, count, width]),
      { dy in
        let dx = dy.reshaped([batch * count, width]).spreadingRows(to: kept, of: batch * tokens)
        return (dx.reshaped([batch, tokens, width]), self)
      }
    )
  }

  /// Every choice of as many of an image's tokens is equally likely; their places in the batch, image by image.
  private func chosenTokens(_ count: Int, of tokens: Int, batch: Int) -> [Int] {
    (0..<batch).flatMap { image in
      var order = Array(0..<tokens)
      var generator = CounterGenerator(stream.appending(firstImage + UInt64(image)))
      generator.shuffle(&order)
      return order.prefix(count).map { image * tokens + $0 }
    }
  }
}
