package import Tensors

/// The maximum of every window.
package struct MaxPool: ParameterlessLayer {
  package let window: Window

  /// Windows of `size`, side by side unless `stride` says otherwise.
  package init(_ size: Int, stride: Int? = nil, padding: Int = 0) {
    window = Window(size, stride: stride ?? size, padding: padding)
  }

  package func callAsFunction(_ x: Tensor) -> Tensor { Kernels.current.maxPool(x, window: window) }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<MaxPool>) {
    let kernels = Kernels.current
    return (kernels.maxPool(x, window: window), { dy in (kernels.maxPoolGradient(dy, x: x, window: window), self) })
  }
}
