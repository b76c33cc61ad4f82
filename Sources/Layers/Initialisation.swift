import Foundation
package import Tensors

/// Stands in for a generator where a network is made to be filled from a file: its weights are then left zero.
package struct NoDraws: RandomNumberGenerator {
  package init() {}
  package mutating func next() -> UInt64 { 0 }
}

extension Tensor {
  /// Independent draws from the uniform distribution over [-bound, bound).
  package init(uniform bound: Float, shape: [Int], using generator: inout some RandomNumberGenerator) {
    guard !(generator is NoDraws) else {
      self.init(zeros: shape)
      return
    }
    self.init(shape) { values in
      for i in values.indices {
        repeat { values[i] = 2 * bound * generator.unit() - bound } while values[i] >= bound
      }
    }
  }

  /// Independent draws from N(0, deviation²), in pairs by Box and Muller.
  package init(normal deviation: Float, shape: [Int], using generator: inout some RandomNumberGenerator) {
    guard !(generator is NoDraws) else {
      self.init(zeros: shape)
      return
    }
    self.init(shape) { values in
      for i in stride(from: 0, to: values.count, by: 2) {
        let radius = (-2 * log(1 - generator.unit())).squareRoot()
        let angle = 2 * Float.pi * generator.unit()
        values[i] = deviation * radius * cos(angle)
        if i + 1 < values.count { values[i + 1] = deviation * radius * sin(angle) }
      }
    }
  }
}

extension RandomNumberGenerator {
  /// Uniform over [0, 1) in steps of 2⁻²⁴: what `Float.random(in: 0..<1, using:)` draws, without its cost in generic code.
  fileprivate mutating func unit() -> Float { Float(next() & 0xFF_FFFF) * 0x1p-24 }
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
