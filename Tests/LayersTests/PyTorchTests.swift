import Layers
import PyTorchRecords
import Tensors
import Testing

/// Whole networks and single layers against recorded outputs of PyTorch.
struct PyTorchTests {
  @Test(arguments: backends) func `LeNet-5's outputs, loss and gradients agree with PyTorch`(_ backend: String) throws {
    let recorded = try Recorded("lenet5")
    var numbers = Numbers()
    var network = leNet5(using: &numbers)
    var salt: UInt64 = 0
    network.updateParameters { _, _, value in
      salt += 1
      value = Formula.numbers(salt, value.shape, 0.125)
    }
    let x = Formula.numbers(100, [4, 3, 32, 32], 1)
    try Kernels.with(backend: Kernels.backend(named: backend)) {
      #expect(network(x).relativeDistance(to: recorded["logits"]) < 1e-4)
      let (logits, pullback) = network.pulledBack(x)
      #expect(logits.relativeDistance(to: recorded["logits"]) < 1e-4)
      let (loss, dlogits) = crossEntropy(logits, [3, 0, 9, 5])
      #expect(abs(loss - recorded["loss"][0]) < 1e-4 * loss)
      let (dx, gradient) = pullback(dlogits)
      #expect(dx.relativeDistance(to: recorded["gradient.x"]) < 1e-4)
      #expect(gradient.parameters.count == 10)
      for parameter in gradient.parameters {
        let expected = recorded["gradient." + parameter.name]
        #expect(parameter.value.relativeDistance(to: expected) < 1e-4, "\(parameter.name)")
      }
    }
  }

  @Test(arguments: backends) func `strides and paddings mean what they mean in PyTorch`(_ backend: String) throws {
    let recorded = try Recorded("layers")
    try Kernels.with(backend: Kernels.backend(named: backend)) {
      let convolution = Convolution(
        weight: Formula.numbers(2, [5, 3, 3, 3], 0.5), bias: Formula.numbers(3, [5], 0.5), stride: 2, padding: 1)
      let (gradient, _) = try compare(convolution, Formula.numbers(1, [2, 3, 9, 8], 1), recorded, "convolution")
      #expect(gradient.weight.relativeDistance(to: recorded["convolution.gradient.1"]) < 1e-5)
      #expect(try #require(gradient.bias).relativeDistance(to: recorded["convolution.gradient.2"]) < 1e-5)
      let maxPool = MaxPool(3, stride: 2, padding: 1)
      _ = try compare(maxPool, Formula.numbers(4, [2, 2, 9, 8], 1), recorded, "maxPool")
      let averagePool = AveragePool(3, stride: 2, padding: 1)
      _ = try compare(averagePool, Formula.numbers(5, [2, 2, 9, 8], 1), recorded, "averagePool")
    }
  }

  private func compare<L: Layer>(
    _ layer: L, _ x: Tensor, _ recorded: Recorded, _ name: String
  ) throws -> (gradient: L, y: Tensor) {
    let (y, pullback) = layer.pulledBack(x)
    #expect(y.relativeDistance(to: recorded[name + ".y"]) < 1e-5, "\(name)")
    let (dx, gradient) = pullback(Formula.numbers(50, y.shape, 1))
    #expect(dx.relativeDistance(to: recorded[name + ".gradient.0"]) < 1e-5, "\(name)")
    return (gradient, y)
  }
}
