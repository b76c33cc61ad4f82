import Layers
import Tensors
import Testing

struct NormalisationTests {
  @Test func `training brings each channel to mean 0 and variance 1, and moves the running moments a tenth`() {
    var numbers = Numbers()
    let norm = BatchNormalisation(3)
    let x = 2 * numbers.tensor([4, 3, 5, 7]) + Tensor(repeating: 3, shape: [4, 3, 5, 7])
    let (y, pullback) = norm.pulledBack(x)
    let (mean, variance) = Kernels.reference.channelMoments(y)
    let (means, variances) = Kernels.reference.channelMoments(x)
    let next = pullback(y).gradient
    for channel in 0..<3 {
      #expect(abs(mean[channel]) < 1e-6)
      #expect(abs(variance[channel] - 1) < 1e-4)
      #expect(abs(next.runningMean[channel] - 0.1 * means[channel]) < 1e-6)
      #expect(abs(next.runningVariance[channel] - (0.9 + 0.1 * variances[channel] * 140 / 139)) < 1e-6)
    }
  }

  @Test func `inference uses the running moments`() {
    var norm = BatchNormalisation(2)
    norm.runningMean = Tensor([1, -2], shape: [2])
    norm.runningVariance = Tensor([4, 9], shape: [2])
    norm.weight = Tensor([2, 1], shape: [2])
    norm.bias = Tensor([0, 5], shape: [2])
    let y = norm(Tensor([3, -1, 1, 4], shape: [1, 2, 1, 2]))
    #expect(y.relativeDistance(to: Tensor([2, -2, 6, 7], shape: [1, 2, 1, 2])) < 1e-5)
  }

  @Test(arguments: [false, true]) func `its pullback is the derivative`(rectifies: Bool) {
    var numbers = Numbers(5)
    var norm = BatchNormalisation(3, activation: rectifies ? .relu : .identity)
    norm.weight = Tensor([0.5, 1.5, -1], shape: [3])
    // Far from the kink, on either side.
    norm.bias = rectifies ? Tensor([8, -8, 8], shape: [3]) : Tensor([0.1, 0.2, 0.3], shape: [3])
    let x = numbers.tensor([2, 3, 3, 3])
    let (y, pullback) = norm.pulledBack(x)
    let dy = numbers.tensor(y.shape)
    let (dx, gradient) = pullback(dy)
    func loss(_ norm: BatchNormalisation, _ x: Tensor) -> Double {
      zip(norm.pulledBack(x).y.scalars, dy.scalars).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    #expect(dx.relativeDistance(to: numericalGradient(at: x, step: 1 / 64) { loss(norm, $0) }) < 2e-3)
    for (index, parameter) in gradient.parameters.enumerated() where parameter.role != .buffer {
      let numerical = numericalGradient(at: norm.parameters[index].value, step: 1 / 64) { value in
        var changed = norm
        changed.replaceParameter(index, by: value)
        return loss(changed, x)
      }
      #expect(parameter.value.relativeDistance(to: numerical) < 1e-3, "\(parameter.name)")
    }
  }

  @Test(arguments: [8, 16]) func `channels in blocks are normalised and averaged like plain ones`(block: Int) {
    var numbers = Numbers(7)
    var norm = BatchNormalisation(32, activation: .relu)
    norm.weight = numbers.tensor([32])
    norm.bias = numbers.tensor([32])
    let x = numbers.tensor([3, 32, 5, 3])
    let dy = numbers.tensor(x.shape)
    let plain = norm.pulledBack(x)
    let blocked = norm.pulledBack(x.blockedPictures(block))
    #expect(blocked.y.plainPictures.relativeDistance(to: plain.y) < 1e-6)
    let expected = plain.pullback(dy)
    let gradient = blocked.pullback(dy.blockedPictures(block))
    #expect(gradient.dx.plainPictures.relativeDistance(to: expected.dx) < 1e-5)
    for (a, b) in zip(gradient.gradient.parameters, expected.gradient.parameters) {
      #expect(a.value.relativeDistance(to: b.value) < 1e-5, "\(a.name)")
    }
    #expect(norm(x.blockedPictures(block)).plainPictures.relativeDistance(to: norm(x)) < 1e-6)

    let pool = GlobalAveragePool()
    let (mean, back) = pool.pulledBack(x.blockedPictures(block))
    #expect(mean.shape == [3, 32])
    #expect(mean.relativeDistance(to: pool(x)) < 1e-6)
    #expect(back(mean).dx.plainPictures == pool.pulledBack(x).pullback(mean).dx)
  }

  @Test(arguments: backends) func `a convolution with its normalisation folded in computes the same`(_ backend: String)
    throws
  {
    try Kernels.with(backend: Kernels.backend(named: backend)) {
      var numbers = Numbers(9)
      var layer = NormalisedConvolution(16, 32, kernel: 3, padding: 1, activation: .relu, using: &numbers)
      layer.normalisation.runningMean = numbers.tensor([32])
      layer.normalisation.runningVariance = numbers.tensor([32]).map { 1 + $0 / 2 }
      layer.normalisation.weight = numbers.tensor([32])
      layer.normalisation.bias = numbers.tensor([32])
      let x = numbers.tensor([2, 16, 6, 6])
      let expected = layer.normalisation(layer.convolution(x))
      #expect(layer(x).relativeDistance(to: expected) < 1e-5)
      let residual = layer.convolution(numbers.tensor([2, 16, 6, 6]))
      var unrectified = BatchNormalisation(32)
      unrectified.updateParameters(with: layer.normalisation) { _, _, value, other in value = other }
      let sum = unrectified(layer.convolution(x)) + residual
      #expect(layer(x, adding: residual).relativeDistance(to: ReLU()(sum)) < 1e-5)
      layer.normalisation.bias = Tensor(repeating: 100, shape: [32])
      #expect(layer(x).scalars.allSatisfy { $0 > 90 })
    }
  }
}
