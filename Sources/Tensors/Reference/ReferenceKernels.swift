/// Kernels in plain Swift: they run everywhere, and they are what other kernels are tested against.
struct ReferenceKernels: KernelBackend {
  var name: String { "reference" }
  var description: String { "portable reference kernels" }

  /// Plain pictures are as good as any here.
  var channelBlock: Int { 1 }

  var hasBFloat16: Bool { false }

  func packConvolution(
    weight: Tensor, bias: Tensor?, window: Window, activation: Activation, layout: PictureLayout, precision: Precision
  ) -> any PackedFilters {
    PackedConvolution(weight: weight, bias: bias, window: window, activation: activation)
  }
}

/// Filters are read as they are: rows of the left matrix.
private struct PackedConvolution: PackedFilters {
  let weight: Tensor
  let bias: Tensor?
  let window: Window
  let activation: Activation

  func callAsFunction(_ x: Tensor) -> Tensor {
    ReferenceKernels().convolution(
      x, weight: weight, bias: bias, window: window, activation: activation, layout: .plain)
  }

  func callAsFunction(_ x: Tensor, adding residual: Tensor) -> Tensor {
    let kernels = ReferenceKernels()
    let sum =
      kernels.convolution(x, weight: weight, bias: bias, window: window, activation: .identity, layout: .plain)
      + residual
    return activation == .relu ? kernels.relu(sum) : sum
  }
}
