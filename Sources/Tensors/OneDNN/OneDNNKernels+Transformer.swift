import CTransformer

/// Transformers by our own kernels, where the processor has what they need.
extension OneDNNKernels {
  private static let lanes = Int(transformer_lanes())

  private static func suits(_ width: Int) -> Bool { lanes > 0 && width % lanes == 0 }

  func packTransformerBlock(_ weights: TransformerWeights, precision: Precision) -> any PackedWeights {
    FusedBlock(weights, precision, kernels: self) ?? StepwiseBlock(weights, precision, kernels: self)
  }

  func layerNorm(_ x: Tensor, gain: Tensor, bias: Tensor) -> (y: Tensor, moments: Tensor) {
    let width = gain.count
    guard Self.suits(width) else { return portable.layerNorm(x, gain: gain, bias: bias) }
    precondition(x.shape.last == width && bias.count == width, "a normalisation of \(width) for \(x.shape)")
    let (shape, rows) = (x.shape, x.count / width)
    var moments = Tensor(zeros: [rows, 2])
    let y = moments.withUnsafeMutableBufferPointer { moments in
      x.withUnsafePointer { x in
        withPointers(gain, bias) { gain, bias in
          Tensor(shape) { y in
            guard let y = y.baseAddress, let moments = moments.baseAddress else { return }
            Parallel.split(rows, multipleOf: Self.rowsAThread) { rows in
              let first = rows.lowerBound * width
              transformer_normalise(
                Int64(rows.count), Int64(width), x + first, gain, bias, y + first, moments + 2 * rows.lowerBound)
            }
          }
        }
      }
    }
    return (y, moments)
  }

  /// Summed within blocks of rows, and over the blocks in their order, whatever the number of threads.
  func layerNormGradient(_ dy: Tensor, x: Tensor, moments: Tensor, gain: Tensor) -> (
    dx: Tensor, gain: Tensor, bias: Tensor
  ) {
    let width = gain.count
    guard Self.suits(width) else { return portable.layerNormGradient(dy, x: x, moments: moments, gain: gain) }
    precondition(dy.shape == x.shape, "gradient \(dy.shape) for output \(x.shape)")
    let (shape, rows) = (x.shape, x.count / width)
    let blocks = max(1, (rows + Self.rowsAThread - 1) / Self.rowsAThread)
    let sums = Scratch(zeros: blocks * 2 * width)
    let dx = withPointers(dy, x) { dy, x in
      withPointers(moments, gain) { moments, gain in
        Tensor(shape) { dx in
          guard let dx = dx.baseAddress else { return }
          Parallel.forEach(below: blocks) { block in
            let row = block * Self.rowsAThread
            let sum = sums.base + block * 2 * width
            transformer_normalise_gradient(
              Int64(min(Self.rowsAThread, rows - row)), Int64(width), dy + row * width, x + row * width,
              moments + 2 * row, gain, dx + row * width, sum, sum + width)
          }
        }
      }
    }
    for block in 1..<max(blocks, 1) { sums.base.add(from: sums.base + block * 2 * width, count: 2 * width) }
    return (
      dx, Tensor(copying: UnsafeBufferPointer(start: sums.base, count: width), shape: [width]),
      Tensor(copying: UnsafeBufferPointer(start: sums.base + width, count: width), shape: [width])
    )
  }

  /// A thread for fewer rows costs more than it brings.
  private static var rowsAThread: Int { 256 }
  private static var numbersAThread: Int { 1 << 14 }

  func gelu(_ x: Tensor) -> Tensor {
    guard Self.lanes > 0 else { return portable.gelu(x) }
    let shape = x.shape
    return x.withUnsafePointer { x in
      Tensor(shape) { y in
        guard let base = y.baseAddress else { return }
        Parallel.split(y.count, multipleOf: Self.numbersAThread) { range in
          transformer_gelu(Int64(range.count), x + range.lowerBound, base + range.lowerBound)
        }
      }
    }
  }

  func geluGradient(_ dy: Tensor, x: Tensor) -> Tensor {
    guard Self.lanes > 0 else { return portable.geluGradient(dy, x: x) }
    precondition(dy.shape == x.shape, "gradient \(dy.shape) for output \(x.shape)")
    let shape = x.shape
    return withPointers(dy, x) { dy, x in
      Tensor(shape) { dx in
        guard let base = dx.baseAddress else { return }
        Parallel.split(dx.count, multipleOf: Self.numbersAThread) { range in
          let first = range.lowerBound
          transformer_gelu_gradient(Int64(range.count), dy + first, x + first, base + first)
        }
      }
    }
  }

  func attention(_ qkv: Tensor, heads: Int) -> (y: Tensor, probabilities: Tensor) {
    let g = AttentionGeometry(qkv: qkv.shape, heads: heads)
    guard Self.suits(g.tokens), Self.suits(g.headWidth) else { return portable.attention(qkv, heads: heads) }
    let probabilitiesOfImage = heads * g.tokens * g.tokens
    var y = Tensor(zeros: [0])
    let probabilities = Tensor([g.batch, heads, g.tokens, g.tokens]) { probabilities in
      y = qkv.withUnsafePointer { qkv in
        Tensor([g.batch, g.tokens, g.width]) { y in
          guard let y = y.baseAddress, let probabilities = probabilities.baseAddress else { return }
          Parallel.split(g.batch) { images in
            var shape = TransformerAttention(g)
            let scratch = Scratch(uninitialized: transformer_attention_scratch_count(&shape))
            for image in images {
              transformer_attention(
                &shape, qkv + image * g.tokens * 3 * g.width, y + image * g.tokens * g.width,
                probabilities + image * probabilitiesOfImage, scratch.base)
            }
          }
        }
      }
    }
    return (y, probabilities)
  }

  func attentionGradient(_ dy: Tensor, qkv: Tensor, probabilities: Tensor) -> Tensor {
    let g = AttentionGeometry(qkv: qkv.shape, heads: probabilities.shape[1])
    guard Self.suits(g.tokens), Self.suits(g.headWidth) else {
      return portable.attentionGradient(dy, qkv: qkv, probabilities: probabilities)
    }
    precondition(dy.shape == [g.batch, g.tokens, g.width], "gradient \(dy.shape) for attention on \(qkv.shape)")
    let shape = qkv.shape
    return withPointers(dy, qkv) { dy, qkv in
      probabilities.withUnsafePointer { probabilities in
        Tensor(shape) { dqkv in
          guard let dqkv = dqkv.baseAddress else { return }
          Parallel.split(g.batch) { images in
            var shape = TransformerAttention(g)
            let scratch = Scratch(uninitialized: transformer_attention_scratch_count(&shape))
            for image in images {
              transformer_attention_gradient(
                &shape, dy + image * g.tokens * g.width, qkv + image * g.tokens * 3 * g.width,
                probabilities + image * g.heads * g.tokens * g.tokens, dqkv + image * g.tokens * 3 * g.width,
                scratch.base)
            }
          }
        }
      }
    }
  }
}

extension TransformerAttention {
  fileprivate init(_ g: AttentionGeometry) {
    self.init(tokens: Int64(g.tokens), heads: Int64(g.heads), headWidth: Int64(g.headWidth))
  }
}

/// A block whose weights lie in the order in which one call for a whole image reads them.
///
/// Sendable without checking because the packed weights are written once, by `init`.
private final class FusedBlock: PackedWeights, @unchecked Sendable {
  private let kernels: OneDNNKernels
  private let weights: TransformerWeights
  private let precision: Precision
  private let packed: Scratch

  /// Nil where there are no kernels for such a block.
  init?(_ weights: TransformerWeights, _ precision: Precision, kernels: OneDNNKernels) {
    self.kernels = kernels
    self.weights = weights
    self.precision = precision
    var shape = Self.shape(weights, precision, tokens: Int(transformer_lanes()))
    guard transformer_block_suits(&shape) else { return nil }
    let packed = Scratch(uninitialized: transformer_block_packed_count(&shape))
    self.packed = packed
    withAffine(weights.norm1, weights.qkv) { norm1, norm1Bias, qkv, qkvBias in
      withAffine(weights.projection, weights.norm2) { projection, projectionBias, norm2, norm2Bias in
        withAffine(weights.fc1, weights.fc2) { fc1, fc1Bias, fc2, fc2Bias in
          var all = CTransformer.TransformerWeights(
            norm1Weight: norm1, norm1Bias: norm1Bias, qkvWeight: qkv, qkvBias: qkvBias, projectionWeight: projection,
            projectionBias: projectionBias, norm2Weight: norm2, norm2Bias: norm2Bias, fc1Weight: fc1, fc1Bias: fc1Bias,
            fc2Weight: fc2, fc2Bias: fc2Bias)
          transformer_block_pack(&shape, &all, packed.base)
        }
      }
    }
  }

  private static func shape(_ weights: TransformerWeights, _ precision: Precision, tokens: Int) -> TransformerBlock {
    TransformerBlock(
      attention: TransformerAttention(
        tokens: Int64(tokens), heads: Int64(weights.heads), headWidth: Int64(weights.width / weights.heads)),
      hidden: Int64(weights.hidden), bfloat16: precision == .bf16)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    precondition(x.shape.count == 3 && x.shape[2] == weights.width, "tokens of \(weights.width) are in \(x.shape)")
    let shape = Self.shape(weights, precision, tokens: x.shape[1])
    var known = shape
    guard transformer_block_suits(&known) else { return StepwiseBlock(weights, precision, kernels: kernels)(x) }
    let (batch, size) = (x.shape[0], x.rowLength)
    var y = x
    y.withUnsafeMutableBufferPointer { y in
      guard let y = y.baseAddress else { return }
      Parallel.split(batch) { images in
        var shape = shape
        let scratch = Scratch(uninitialized: transformer_block_scratch_count(&shape))
        for image in images { transformer_block(&shape, packed.base, y + image * size, scratch.base) }
      }
    }
    return y
  }
}

private func withAffine(
  _ a: TransformerWeights.Affine, _ b: TransformerWeights.Affine,
  _ body: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>) -> Void
) {
  withPointers(a.weight, a.bias) { a, aBias in withPointers(b.weight, b.bias) { b, bBias in body(a, aBias, b, bBias) } }
}
