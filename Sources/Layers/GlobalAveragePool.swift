package import Tensors

/// The mean of each channel over all places, `[batch, channels]`.
package struct GlobalAveragePool: ParameterlessLayer {
  package init() {}

  package func callAsFunction(_ x: Tensor) -> Tensor { Kernels.current.globalAverage(x) }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<GlobalAveragePool>) {
    let kernels = Kernels.current
    return (
      kernels.globalAverage(x), { dy in (kernels.globalAverageGradient(dy, inputShape: x.shape), self) }
    )
  }
}
