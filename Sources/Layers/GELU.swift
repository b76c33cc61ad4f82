package import Tensors

/// x Φ(x) (Hendrycks and Gimpel 2016), with the exact distribution function Φ, as PyTorch's default.
package struct GELU: ParameterlessLayer {
  package init() {}

  package func callAsFunction(_ x: Tensor) -> Tensor { Kernels.current.gelu(x) }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<GELU>) {
    let kernels = Kernels.current
    return (kernels.gelu(x), { dy in (kernels.geluGradient(dy, x: x), self) })
  }
}
