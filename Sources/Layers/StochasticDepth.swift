package import Randomness
package import Tensors

/// Drops a whole branch beside a shortcut for a share of the images in training, and scales it up for the others, so that
/// means stay; inference changes nothing (Huang et al. 2016).
///
/// Which images it is dropped for is a pure function of the stream and the image's number, however a batch is cut into
/// parts.
package struct StochasticDepth: ParameterlessLayer {
  package let rate: Float
  private let stream: StreamKey
  private let firstImage: UInt64

  /// - Parameters:
  ///   - rate: the share of images, below 1.
  ///   - firstImage: the number, in the stream, of the first image of what it is applied to.
  package init(_ rate: Float, stream: StreamKey, firstImage: UInt64 = 0) {
    precondition((0..<1).contains(rate), "a stochastic depth of \(rate)")
    self.rate = rate
    self.stream = stream
    self.firstImage = firstImage
  }

  package func callAsFunction(_ x: Tensor) -> Tensor { x }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<StochasticDepth>) {
    guard rate > 0 else { return (x, { dy in (dy, self) }) }
    return (scaled(x), { dy in (scaled(dy), self) })
  }

  private func scaled(_ x: Tensor) -> Tensor {
    let length = x.rowLength
    let threshold = UInt64(Double(rate) * 0x1p32)
    let kept = 1 / (1 - rate)
    return x.withUnsafeBufferPointer { x in
      Tensor([x.count]) { y in
        for image in 0..<(length == 0 ? 0 : x.count / length) {
          let word = stream.block(at: firstImage + UInt64(image)).x
          let factor = UInt64(word) < threshold ? 0 : kept
          for i in image * length..<(image + 1) * length { y[i] = factor * x[i] }
        }
      }
    }.reshaped(x.shape)
  }
}
