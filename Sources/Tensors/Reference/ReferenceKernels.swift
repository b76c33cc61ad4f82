/// Kernels in plain Swift: they run everywhere, and they are what other kernels are tested against.
struct ReferenceKernels: KernelBackend {
  var name: String { "reference" }
  var description: String { "portable reference kernels" }

  func packConvolution(weight: Tensor, bias: Tensor?, window: Window, activation: Activation) -> any PackedWeights {
    PackedConvolution(weight: weight, bias: bias, window: window, activation: activation)
  }
}

/// Filters are read as they are: rows of the left matrix.
private struct PackedConvolution: PackedWeights {
  let weight: Tensor
  let bias: Tensor?
  let window: Window
  let activation: Activation

  func callAsFunction(_ x: Tensor) -> Tensor {
    ReferenceKernels().convolution(x, weight: weight, bias: bias, window: window, activation: activation)
  }
}
