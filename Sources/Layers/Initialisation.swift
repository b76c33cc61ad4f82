package import Tensors

extension Tensor {
  /// Independent draws from the uniform distribution over [-bound, bound).
  package init(uniform bound: Float, shape: [Int], using generator: inout some RandomNumberGenerator) {
    self.init(shape) { values in
      for i in values.indices { values[i] = Float.random(in: -bound..<bound, using: &generator) }
    }
  }
}

/// PyTorch's default for linear layers and convolutions: weights and biases uniform in ±1/√fan-in, which is Kaiming's
/// uniform initialisation with a = √5 (He et al. 2015, and `torch.nn.Linear.reset_parameters`).
func defaultInitialisation(
  weight shape: [Int], bias: Bool, using generator: inout some RandomNumberGenerator
) -> (weight: Tensor, bias: Tensor?) {
  let fanIn = shape.dropFirst().reduce(1, *)
  let bound = 1 / Float(fanIn).squareRoot()
  let weight = Tensor(uniform: bound, shape: shape, using: &generator)
  return (weight, bias ? Tensor(uniform: bound, shape: [shape[0]], using: &generator) : nil)
}
