import Foundation
package import Tensors

extension Tensor {
  /// Independent draws from the uniform distribution over [-bound, bound).
  package init(uniform bound: Float, shape: [Int], using generator: inout some RandomNumberGenerator) {
    self.init(shape) { values in
      for i in values.indices { values[i] = Float.random(in: -bound..<bound, using: &generator) }
    }
  }
}

extension Tensor {
  /// Independent draws from N(0, deviation²), in pairs by Box and Muller.
  package init(normal deviation: Float, shape: [Int], using generator: inout some RandomNumberGenerator) {
    self.init(shape) { values in
      for i in stride(from: 0, to: values.count, by: 2) {
        let radius = (-2 * log(1 - Float.random(in: 0..<1, using: &generator))).squareRoot()
        let angle = 2 * Float.pi * Float.random(in: 0..<1, using: &generator)
        values[i] = deviation * radius * cos(angle)
        if i + 1 < values.count { values[i + 1] = deviation * radius * sin(angle) }
      }
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
