package import Tensors

/// max(x, 0). After a `Linear` or `Convolution` their `activation: .relu` is the same in one pass less.
package struct ReLU: ParameterlessLayer {
  package init() {}

  package func callAsFunction(_ x: Tensor) -> Tensor { Kernels.current.relu(x) }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<ReLU>) {
    let kernels = Kernels.current
    let y = kernels.relu(x)
    return (y, { dy in (kernels.reluGradient(dy, y: y), self) })
  }
}
