/// The weights of a pre-norm transformer block: a = x + attention(norm1(x)), y = a + fc2(gelu(fc1(norm2(a)))).
package struct TransformerWeights: Sendable {
  /// A linear layer's, `[outputs, inputs]` and `[outputs]`; a normalisation's gain and bias, `[width]` each.
  package typealias Affine = (weight: Tensor, bias: Tensor)

  package let heads: Int
  package let norm1: Affine
  package let qkv: Affine
  package let projection: Affine
  package let norm2: Affine
  package let fc1: Affine
  package let fc2: Affine

  package init(
    heads: Int, norm1: Affine, qkv: Affine, projection: Affine, norm2: Affine, fc1: Affine, fc2: Affine
  ) {
    (self.heads, self.norm1, self.qkv, self.projection) = (heads, norm1, qkv, projection)
    (self.norm2, self.fc1, self.fc2) = (norm2, fc1, fc2)
  }

  var width: Int { norm1.weight.count }
  var hidden: Int { fc1.bias.count }
}

extension KernelBackend {
  /// A block for inference at the precision of the caller's context.
  package func transformerBlock(_ weights: TransformerWeights) -> any PackedWeights {
    packTransformerBlock(weights, precision: Kernels.precision)
  }

  package func packTransformerBlock(_ weights: TransformerWeights, precision: Precision) -> any PackedWeights {
    StepwiseBlock(weights, precision, kernels: self)
  }
}

/// A block kernel by kernel.
struct StepwiseBlock: PackedWeights {
  private let kernels: any KernelBackend
  private let weights: TransformerWeights
  private let qkv: any PackedWeights
  private let projection: any PackedWeights
  private let fc1: any PackedWeights
  private let fc2: any PackedWeights
  /// Whether linear layers are to multiply bfloat16 numbers, which rounding makes of floats.
  private let rounds: Bool

  init(_ weights: TransformerWeights, _ precision: Precision, kernels: any KernelBackend) {
    self.kernels = kernels
    self.weights = weights
    rounds = precision == .bf16
    func pack(_ layer: TransformerWeights.Affine) -> any PackedWeights {
      kernels.packLinear(
        weight: precision == .bf16 ? layer.weight.roundedToBFloat16 : layer.weight, bias: layer.bias,
        activation: .identity)
    }
    (qkv, projection) = (pack(weights.qkv), pack(weights.projection))
    (fc1, fc2) = (pack(weights.fc1), pack(weights.fc2))
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let a = kernels.layerNorm(x, gain: weights.norm1.weight, bias: weights.norm1.bias).y
    let mixed = kernels.attention(qkv(read(a)), heads: weights.heads).y
    let middle = x + projection(read(mixed))
    let b = kernels.layerNorm(middle, gain: weights.norm2.weight, bias: weights.norm2.bias).y
    return middle + fc2(read(kernels.gelu(fc1(read(b)))))
  }

  private func read(_ x: Tensor) -> Tensor { rounds ? x.roundedToBFloat16 : x }
}
