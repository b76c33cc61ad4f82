package import Tensors

/// A two-dimensional cross-correlation with square filters on pictures `[batch, channels, height, width]`.
package struct Convolution: Layer {
  /// `[out channels, in channels, size, size]`
  package var weight: Tensor { didSet { forgetPacked() } }
  /// `[out channels]`
  package var bias: Tensor? { didSet { forgetPacked() } }
  package let window: Window
  package let activation: Activation
  /// How its output's channels lie.
  package let layout: PictureLayout
  private var packed = PackedCache<any PackedFilters>()
  private var trainingFilters = TrainingFilters()

  package init(
    weight: Tensor, bias: Tensor?, stride: Int = 1, padding: Int = 0, activation: Activation = .identity,
    layout: PictureLayout = .plain
  ) {
    let shape = weight.shape
    precondition(shape.count == 4 && shape[2] == shape[3], "filters are [out, in, size, size], not \(shape)")
    precondition(bias.map { $0.shape == [shape[0]] } ?? true, "bias of another length than \(shape[0])")
    self.weight = weight
    self.bias = bias
    self.window = Window(shape[2], stride: stride, padding: padding)
    self.activation = activation
    self.layout = layout
  }

  package init(
    _ inChannels: Int, _ outChannels: Int, kernel: Int, stride: Int = 1, padding: Int = 0, bias: Bool = true,
    activation: Activation = .identity, layout: PictureLayout = .plain,
    using generator: inout some RandomNumberGenerator
  ) {
    let initial = defaultInitialisation(
      weight: [outChannels, inChannels, kernel, kernel], bias: bias, using: &generator)
    self.init(
      weight: initial.weight, bias: initial.bias, stride: stride, padding: padding, activation: activation,
      layout: layout)
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    let affine = packed.weights(for: Kernels.current) {
      $0.filters(weight: weight, bias: bias, window: window, activation: activation, layout: layout)
    }
    return affine(x)
  }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<Convolution>) {
    let kernels = Kernels.current
    let y = forward(x, kernels)
    return (
      y,
      { dy in
        let dy = gradientBeforeActivation(dy, y: y, kernels)
        let dx = kernels.convolutionInputGradient(
          dy, weight: weight, window: window, inputShape: x.shape, filters: trainingFilters)
        return (dx, gradient(dy, x: x, kernels))
      }
    )
  }

  package func pulledBackFromData(_ x: Tensor) -> (y: Tensor, pullback: (_ dy: Tensor) -> Convolution) {
    let kernels = Kernels.current
    let y = forward(x, kernels)
    return (y, { dy in gradient(gradientBeforeActivation(dy, y: y, kernels), x: x, kernels) })
  }

  private func forward(_ x: Tensor, _ kernels: any KernelBackend) -> Tensor {
    kernels.convolution(
      x, weight: weight, bias: bias, window: window, activation: activation, layout: layout, filters: trainingFilters)
  }

  private mutating func forgetPacked() {
    packed = PackedCache<any PackedFilters>()
    trainingFilters = TrainingFilters()
  }

  private func gradientBeforeActivation(_ dy: Tensor, y: Tensor, _ kernels: any KernelBackend) -> Tensor {
    activation == .relu ? kernels.reluGradient(dy, y: y) : dy
  }

  private func gradient(_ dy: Tensor, x: Tensor, _ kernels: any KernelBackend) -> Convolution {
    let gradient = kernels.convolutionWeightGradient(dy, x: x, window: window)
    return Convolution(
      weight: gradient.weight, bias: bias == nil ? nil : gradient.bias, stride: window.stride, padding: window.padding,
      activation: activation, layout: layout)
  }

  package mutating func visitParameters(_ visit: ParameterVisitor) {
    visit("weight", .weight, &weight)
    visit("bias", .bias, &bias)
  }
}
