/// Kernels in plain Swift: they run everywhere, and they are what other kernels are tested against.
struct ReferenceKernels: KernelBackend {
  var name: String { "reference" }
  var description: String { "portable reference kernels" }

  func packLinear(weight: Tensor, bias: Tensor?, activation: Activation) -> any PackedWeights {
    Unpacked { linear($0, weight: weight, bias: bias, activation: activation) }
  }

  func packConvolution(weight: Tensor, bias: Tensor?, window: Window, activation: Activation) -> any PackedWeights {
    Unpacked { convolution($0, weight: weight, bias: bias, window: window, activation: activation) }
  }
}

struct Unpacked: PackedWeights {
  let body: @Sendable (Tensor) -> Tensor
  func callAsFunction(_ x: Tensor) -> Tensor { body(x) }
}
