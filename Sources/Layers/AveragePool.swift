package import Tensors

/// The mean of every window; padding does not count.
package struct AveragePool: ParameterlessLayer {
  package let window: Window

  /// Windows of `size`, side by side unless `stride` says otherwise.
  package init(_ size: Int, stride: Int? = nil, padding: Int = 0) {
    window = Window(size, stride: stride ?? size, padding: padding)
  }

  package func callAsFunction(_ x: Tensor) -> Tensor { Kernels.current.averagePool(x, window: window) }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<AveragePool>) {
    let kernels = Kernels.current
    return (
      kernels.averagePool(x, window: window),
      { dy in (kernels.averagePoolGradient(dy, window: window, inputShape: x.shape), self) }
    )
  }
}
