import Layers
import Tensors
import Testing

struct SequentialTests {
  @Test func `a chain names its parameters in order and runs both ways`() {
    var generator = SystemRandomNumberGenerator()
    var network: Sequential = [
      "conv1": Convolution(1, 2, kernel: 3, activation: .relu, using: &generator),
      "pool1": MaxPool(2),
      "flatten": Flatten(),
      "fc1": Linear(8, 3, using: &generator),
    ]
    #expect(network.parameters.map(\.name) == ["conv1.weight", "conv1.bias", "fc1.weight", "fc1.bias"])
    #expect(network.trainableCount == 18 + 2 + 24 + 3)

    let x = Tensor(uniform: 1, shape: [5, 1, 6, 6], using: &generator)
    let (y, pullback) = network.pulledBack(x)
    let inference = network(x)
    #expect(zip(y.scalars, inference.scalars).allSatisfy { abs($0 - $1) < 1e-5 })
    let (loss, gradient) = crossEntropy(y, [0, 1, 2, 0, 1])
    let back = pullback(gradient)
    #expect(back.dx.shape == x.shape)

    var optimiser = AdamW(learningRate: 1e-2)
    optimiser.update(&network, along: back.gradient)
    #expect(crossEntropy(network(x), [0, 1, 2, 0, 1]).loss < loss)
  }
}
