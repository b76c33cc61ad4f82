package import Tensors

/// y = activation(x Wᵀ + b) on vectors `[…, inputs]`.
package struct Linear: Layer {
  /// `[outputs, inputs]`
  package var weight: Tensor { didSet { packed = PackedCache<any PackedWeights>() } }
  /// `[outputs]`
  package var bias: Tensor? { didSet { packed = PackedCache<any PackedWeights>() } }
  package let activation: Activation
  /// Whether training multiplies numbers of the context's precision; else floats.
  private let followsPrecision: Bool
  private var packed = PackedCache<any PackedWeights>()

  package init(
    weight: Tensor, bias: Tensor?, activation: Activation = .identity, followsPrecision: Bool = false
  ) {
    precondition(weight.shape.count == 2, "linear weights are [outputs, inputs], not \(weight.shape)")
    precondition(bias.map { $0.shape == [weight.shape[0]] } ?? true, "bias of another length than \(weight.shape[0])")
    self.weight = weight
    self.bias = bias
    self.activation = activation
    self.followsPrecision = followsPrecision
  }

  /// A layer of a transformer, as vision transformers initialise it: N(0, 0.02²), biases zero.
  package init(tokens inputs: Int, _ outputs: Int, using generator: inout some RandomNumberGenerator) {
    self.init(
      weight: Tensor(normal: 0.02, shape: [outputs, inputs], using: &generator), bias: Tensor(zeros: [outputs]),
      followsPrecision: true)
  }

  package init(
    _ inputs: Int, _ outputs: Int, bias: Bool = true, activation: Activation = .identity,
    using generator: inout some RandomNumberGenerator
  ) {
    let initial = defaultInitialisation(weight: [outputs, inputs], bias: bias, using: &generator)
    self.init(weight: initial.weight, bias: initial.bias, activation: activation)
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    let affine = packed.weights(for: Kernels.current) {
      $0.packLinear(weight: weight, bias: bias, activation: activation)
    }
    return affine(x)
  }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<Linear>) {
    let (kernels, precision) = (Kernels.current, precision)
    let y = forward(x, kernels)
    return (
      y,
      { dy in
        let dy = gradientBeforeActivation(dy, y: y, kernels)
        let dx = kernels.linearInputGradient(dy, weight: weight, inputShape: x.shape, precision: precision)
        return (dx, gradient(dy, x: x, kernels, precision))
      }
    )
  }

  package func pulledBackFromData(_ x: Tensor) -> (y: Tensor, pullback: (_ dy: Tensor) -> Linear) {
    let (kernels, precision) = (Kernels.current, precision)
    let y = forward(x, kernels)
    return (y, { dy in gradient(gradientBeforeActivation(dy, y: y, kernels), x: x, kernels, precision) })
  }

  private var precision: Precision { followsPrecision ? Kernels.precision : .fp32 }

  private func forward(_ x: Tensor, _ kernels: any KernelBackend) -> Tensor {
    kernels.linear(x, weight: weight, bias: bias, activation: activation, precision: precision)
  }

  private func gradientBeforeActivation(_ dy: Tensor, y: Tensor, _ kernels: any KernelBackend) -> Tensor {
    activation == .relu ? kernels.reluGradient(dy, y: y) : dy
  }

  private func gradient(_ dy: Tensor, x: Tensor, _ kernels: any KernelBackend, _ precision: Precision) -> Linear {
    let gradient = kernels.linearWeightGradient(dy, x: x, precision: precision)
    return Linear(weight: gradient.weight, bias: bias == nil ? nil : gradient.bias, activation: activation)
  }

  package mutating func visitParameters(_ visit: ParameterVisitor) {
    visit("weight", .weight, &weight)
    visit("bias", .bias, &bias)
  }
}
