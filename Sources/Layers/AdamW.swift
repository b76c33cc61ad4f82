import Foundation
package import Tensors

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019), step by step as `torch.optim.AdamW`.
package struct AdamW: Optimiser {
  package var learningRate: Float
  /// β₁
  package var momentum: Float
  package var beta2: Float
  package var epsilon: Float
  package var weightDecay: Float
  /// Weight decay for biases and gains too, as PyTorch does unless told otherwise.
  package var decaysBiases: Bool

  private struct Moments {
    var first: Tensor
    var second: Tensor
    var steps: Int
  }
  private var moments: [String: Moments] = [:]

  package init(
    learningRate: Float, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0.01,
    decaysBiases: Bool = true
  ) {
    self.learningRate = learningRate
    self.momentum = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decaysBiases = decaysBiases
  }

  package mutating func update<Model: Parameterised>(_ model: inout Model, along gradient: Model) {
    model.updateParameters(with: gradient) { update($0, $1, &$2, along: $3) }
  }

  /// One step of one parameter.
  mutating func update(_ name: String, _ role: ParameterRole, _ value: inout Tensor, along gradient: Tensor) {
    guard role != .buffer else {
      value = gradient
      return
    }
    var m =
      moments.removeValue(forKey: name)
      ?? Moments(first: Tensor(zeros: value.shape), second: Tensor(zeros: value.shape), steps: 0)
    m.steps += 1
    let correction1 = 1 - pow(Double(momentum), Double(m.steps))
    let correction2 = 1 - pow(Double(beta2), Double(m.steps))
    let stepSize = Float(Double(learningRate) / correction1)
    let scale = Float(1 / correction2.squareRoot())
    let shrink = 1 - learningRate * (role == .weight || decaysBiases ? weightDecay : 0)
    value.withUnsafeMutableBufferPointer { p in
      gradient.withUnsafeBufferPointer { g in
        m.first.withUnsafeMutableBufferPointer { first in
          m.second.withUnsafeMutableBufferPointer { second in
            Parallel.splitElements(p.count) { share in
              for i in share {
                first[i] += (1 - momentum) * (g[i] - first[i])
                second[i] = beta2 * second[i] + (1 - beta2) * g[i] * g[i]
                p[i] = p[i] * shrink - stepSize * first[i] / (second[i].squareRoot() * scale + epsilon)
              }
            }
          }
        }
      }
    }
    moments[name] = m
  }

  package var state: [(name: String, value: Tensor)] {
    moments.sorted { $0.key < $1.key }.flatMap { name, m in
      [
        ("first." + name, m.first), ("second." + name, m.second),
        ("steps." + name, Tensor([Float(m.steps)], shape: [1])),
      ]
    }
  }

  package mutating func restore<Model: Parameterised>(
    _ state: [(name: String, value: Tensor)], for model: Model
  ) throws(SafetensorsError) {
    let state = OptimiserState(state)
    let first = try state.tensors("first.", for: model)
    let second = try state.tensors("second.", for: model)
    let missing =
      first.keys.filter { second[$0] == nil }.map { "second." + $0 }
      + second.keys.filter { first[$0] == nil }.map { "first." + $0 }
    guard missing.isEmpty else { throw .mismatch(missing: missing.sorted(), unexpected: [], wrongShapes: []) }
    let steps = try state.counts("steps.", of: first.keys.sorted())
    moments = steps.reduce(into: [:]) { moments, entry in
      guard let first = first[entry.key], let second = second[entry.key] else { return }
      moments[entry.key] = Moments(first: first, second: second, steps: entry.value)
    }
  }
}
