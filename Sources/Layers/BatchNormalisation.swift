package import Tensors

/// Every channel brought to mean 0 and variance 1 over the batch, then scaled and shifted (Ioffe and Szegedy 2015).
///
/// Training uses the batch's own moments and moves the running ones towards them; inference uses the running ones, as
/// PyTorch's `BatchNorm2d` does. In training a batch is what one shard of a step holds, 64 images of a recipe's batch.
package struct BatchNormalisation: Layer {
  /// γ, `[channels]`
  package var weight: Tensor
  /// β, `[channels]`
  package var bias: Tensor
  package var runningMean: Tensor
  package var runningVariance: Tensor
  package let activation: Activation

  /// Added to variances.
  package static let epsilon: Float = 1e-5
  /// The share of a batch's moments in the next running ones.
  package static let momentum: Float = 0.1

  package init(_ channels: Int, activation: Activation = .identity) {
    weight = Tensor(repeating: 1, shape: [channels])
    bias = Tensor(zeros: [channels])
    runningMean = Tensor(zeros: [channels])
    runningVariance = Tensor(repeating: 1, shape: [channels])
    self.activation = activation
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    let (scale, shift) = folded
    return Kernels.current.scaleChannels(x, scale: scale, shift: shift, activation: activation)
  }

  /// What inference does to each channel, x · scale + shift; a convolution before it can do that along the way.
  package var folded: (scale: Tensor, shift: Tensor) {
    affine(mean: runningMean, inverseDeviation: Self.inverseDeviation(runningVariance))
  }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<BatchNormalisation>) {
    let kernels = Kernels.current
    let (mean, variance) = kernels.channelMoments(x)
    let inverseDeviation = Self.inverseDeviation(variance)
    let (scale, shift) = affine(mean: mean, inverseDeviation: inverseDeviation)
    let y = kernels.scaleChannels(x, scale: scale, shift: shift, activation: activation)
    return (
      y,
      { dy in
        let (dx, dgain, dbias) = kernels.normalisationGradient(
          dy, x: x, mean: mean, inverseDeviation: inverseDeviation, gain: weight,
          rectifying: activation == .relu ? (scale, shift) : nil)
        var gradient = self
        gradient.weight = dgain
        gradient.bias = dbias
        // The running variance is of the unbiased estimate.
        let count = Float(x.count / weight.count)
        gradient.runningMean.move(towards: mean, by: Self.momentum)
        gradient.runningVariance.move(towards: count / max(count - 1, 1) * variance, by: Self.momentum)
        return (dx, gradient)
      }
    )
  }

  private static func inverseDeviation(_ variance: Tensor) -> Tensor {
    variance.map { 1 / ($0 + epsilon).squareRoot() }
  }

  private func affine(mean: Tensor, inverseDeviation: Tensor) -> (scale: Tensor, shift: Tensor) {
    let scale = weight * inverseDeviation
    return (scale, bias - scale * mean)
  }

  package mutating func visitParameters(_ visit: ParameterVisitor) {
    visit("weight", .bias, &weight)
    visit("bias", .bias, &bias)
    visit("running_mean", .buffer, &runningMean)
    visit("running_var", .buffer, &runningVariance)
  }
}

extension Tensor {
  /// `self += share (other - self)`.
  fileprivate mutating func move(towards other: Tensor, by share: Float) {
    self *= 1 - share
    add(other, scaledBy: share)
  }
}
