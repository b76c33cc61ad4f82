package import Tensors

/// Every vector brought to mean 0 and variance 1, then scaled and shifted (Ba et al. 2016), as PyTorch's `LayerNorm`.
package struct LayerNormalisation: Layer {
  /// γ, `[width]`
  package var weight: Tensor
  /// β, `[width]`
  package var bias: Tensor

  package init(_ width: Int) {
    weight = Tensor(repeating: 1, shape: [width])
    bias = Tensor(zeros: [width])
  }

  private init(weight: Tensor, bias: Tensor) {
    self.weight = weight
    self.bias = bias
  }

  package func callAsFunction(_ x: Tensor) -> Tensor { Kernels.current.layerNorm(x, gain: weight, bias: bias).y }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<LayerNormalisation>) {
    let kernels = Kernels.current
    let (y, moments) = kernels.layerNorm(x, gain: weight, bias: bias)
    return (
      y,
      { dy in
        let (dx, dgain, dbias) = kernels.layerNormGradient(dy, x: x, moments: moments, gain: weight)
        return (dx, LayerNormalisation(weight: dgain, bias: dbias))
      }
    )
  }

  package mutating func visitParameters(_ visit: ParameterVisitor) {
    visit("weight", .bias, &weight)
    visit("bias", .bias, &bias)
  }
}
