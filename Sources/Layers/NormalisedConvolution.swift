package import Tensors

/// A convolution without bias and the batch normalisation of its output: two layers in training, one in inference.
///
/// Inference scales the filters once (γ/deviation) and turns the rest into a bias, and adds a residual and rectifies within
/// the same kernel.
package struct NormalisedConvolution: Layer {
  package var convolution: Convolution { didSet { forgetPacked() } }
  package var normalisation: BatchNormalisation { didSet { forgetPacked() } }
  private var packed = PackedCache<any PackedFilters>()
  /// Filters that end in a ReLU, for sums with a residual.
  private var packedForSums = PackedCache<any PackedFilters>()

  /// He's initialisation for layers before ReLUs, as the ResNet paper has it: N(0, 2/fan-out).
  package init(
    _ inChannels: Int, _ outChannels: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
    activation: Activation = .identity, using generator: inout some RandomNumberGenerator
  ) {
    let fanOut = Float(outChannels * kernel * kernel)
    convolution = Convolution(
      weight: Tensor(
        normal: (2 / fanOut).squareRoot(), shape: [outChannels, inChannels, kernel, kernel], using: &generator),
      bias: nil, stride: stride, padding: padding, layout: .blocked)
    normalisation = BatchNormalisation(outChannels, activation: activation)
  }

  private init(convolution: Convolution, normalisation: BatchNormalisation) {
    self.convolution = convolution
    self.normalisation = normalisation
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    let filters = packed.weights(for: Kernels.current) { foldedFilters($0, normalisation.activation) }
    return filters(x)
  }

  /// Inference of relu(self(x) + residual).
  package func callAsFunction(_ x: Tensor, adding residual: Tensor) -> Tensor {
    let filters = packedForSums.weights(for: Kernels.current) { foldedFilters($0, .relu) }
    return filters(x, adding: residual)
  }

  private func foldedFilters(_ kernels: any KernelBackend, _ activation: Activation) -> any PackedFilters {
    let (scale, shift) = normalisation.folded
    var weight = convolution.weight
    let length = weight.rowLength
    weight.withUnsafeMutableBufferPointer { w in for i in w.indices { w[i] *= scale[i / length] } }
    return kernels.filters(
      weight: weight, bias: shift, window: convolution.window, activation: activation, layout: convolution.layout)
  }

  private mutating func forgetPacked() {
    packed = PackedCache<any PackedFilters>()
    packedForSums = PackedCache<any PackedFilters>()
  }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<NormalisedConvolution>) {
    let (a, convolutionBack) = convolution.pulledBack(x)
    let (y, normalisationBack) = normalisation.pulledBack(a)
    return (
      y,
      { dy in
        let (da, normalisation) = normalisationBack(dy)
        let (dx, convolution) = convolutionBack(da)
        return (dx, NormalisedConvolution(convolution: convolution, normalisation: normalisation))
      }
    )
  }

  package func pulledBackFromData(_ x: Tensor) -> (y: Tensor, pullback: (_ dy: Tensor) -> NormalisedConvolution) {
    let (a, convolutionBack) = convolution.pulledBackFromData(x)
    let (y, normalisationBack) = normalisation.pulledBack(a)
    return (
      y,
      { dy in
        let (da, normalisation) = normalisationBack(dy)
        return NormalisedConvolution(convolution: convolutionBack(da), normalisation: normalisation)
      }
    )
  }

  /// The parts go by the names that the network gives them ("conv1", "bn1").
  package mutating func visitParameters(
    _ visit: ParameterVisitor, convolution name: String, normalisation other: String
  ) {
    convolution.visitParameters(visit.under(name))
    normalisation.visitParameters(visit.under(other))
  }

  package mutating func visitParameters(_ visit: ParameterVisitor) {
    visitParameters(visit, convolution: "conv", normalisation: "bn")
  }
}
