package import Datasets
package import MixtureOfExperts
import Radio
import Randomness
package import Tensors

/// z = F(x) of a whole image set, computed once where F is frozen.
package enum Latents {
  /// `[images, N_F]`; images vary as `augmentation` says, in view v as in epoch v of a stage 1 with that seed.
  package static func of(
    _ images: ImageSet, backbone: Backbone, normalisation: PixelNormalisation, augmentation: Augmentation = .none,
    seed: UInt64 = 0, view: UInt64 = 0
  ) -> Tensor {
    let pieces = shards(of: images.count, size: 125)
    let all = Array(0..<images.count)
    let stream = Augmentation.stream(seed: seed, epoch: view)
    return Tensor(
      stacking: parallelMap(pieces.count) { piece in
        backbone(
          images.normalisedBatch(
            all[pieces[piece]], augmentation: augmentation, stream: stream, normalisation: normalisation))
      })
  }
}

extension ImageSet {
  /// A batch as the backbone takes it, `[indices.count, C, H, W]`.
  func normalisedBatch(
    _ indices: ArraySlice<Int>, augmentation: Augmentation, stream: StreamKey, normalisation: PixelNormalisation
  ) -> Tensor {
    Tensor([indices.count, shape.channels, shape.height, shape.width]) { x in
      writeBatch(
        indices, augmentation: augmentation, stream: stream, scale: normalisation.scale, offset: normalisation.offset,
        to: x, threads: 1)
    }
  }
}

/// What the link and the gates need to know of z over the training set.
package struct LatentStatistics: Hashable, Sendable {
  /// `[N_F]`
  package let mean: [Float]
  /// `[N_F]`; a latent that never changes counts as one of average spread, so that standardising it is harmless.
  package let deviation: [Float]
  /// p = 1/rms(z), constant and known to both ends of a link (eq. 5).
  package let powerScaling: Float

  package init(_ z: Tensor) {
    let (n, width) = (z.rowCount, z.rowLength)
    var sum = [Double](repeating: 0, count: width)
    var squares = sum
    z.withUnsafeBufferPointer { z in
      for row in 0..<n {
        for i in 0..<width {
          let value = Double(z[row * width + i])
          sum[i] += value
          squares[i] += value * value
        }
      }
    }
    let count = Double(n)
    let means = sum.map { $0 / count }
    let variances = zip(squares, means).map { max(0, $0 / count - $1 * $1) }
    let typical = (variances.reduce(0, +) / Double(width)).squareRoot()
    mean = means.map { Float($0) }
    deviation = variances.map { variance in
      let own = variance.squareRoot()
      return Float(own > 1e-3 * typical ? own : typical > 0 ? typical : 1)
    }
    powerScaling = Float((count * Double(width) / squares.reduce(0, +)).squareRoot())
  }

  /// (z - mean)/deviation.
  package func standardise(_ z: Tensor) -> Tensor {
    let width = mean.count
    return Tensor(z.shape) { x in
      z.withUnsafeBufferPointer { z in
        for i in x.indices { x[i] = (z[i] - mean[i % width]) / deviation[i % width] }
      }
    }
  }
}

extension LatentTable {
  /// The best code for the values of latents `[images, N_F]`, each vector quantised by its own range (eq. 10).
  /// - Throws: ``LatentEncodingError`` where a latent is not finite.
  package init(fittedTo z: Tensor) throws {
    let width = z.rowLength
    var histogram = [UInt64](repeating: 0, count: HuffmanTable.symbolCount)
    try z.withUnsafeBufferPointer { z in
      try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: width) { values in
        for row in stride(from: 0, to: z.count, by: width) {
          let latents = UnsafeBufferPointer(rebasing: z[row..<row + width])
          try LatentRange(of: latents).quantise(latents, into: values)
          for value in values { histogram[Int(value)] += 1 }
        }
      }
    }
    self.init(try HuffmanTable(histogram: histogram))
  }
}
