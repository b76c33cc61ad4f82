package import Tensors

/// Stochastic gradient descent with momentum, as `torch.optim.SGD` with dampening 0: weight decay joins the gradient.
package struct SGD: Optimiser {
  package var learningRate: Float
  package var momentum: Float
  package var weightDecay: Float
  package var nesterov: Bool
  /// Weight decay for biases and gains too, as PyTorch does unless told otherwise.
  package var decaysBiases: Bool
  private var velocities: [String: Tensor] = [:]

  package init(
    learningRate: Float, momentum: Float = 0, weightDecay: Float = 0, nesterov: Bool = false, decaysBiases: Bool = true
  ) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.nesterov = nesterov
    self.decaysBiases = decaysBiases
  }

  package mutating func update<Model: Parameterised>(_ model: inout Model, along gradient: Model) {
    model.updateParameters(with: gradient) { name, role, value, gradient in
      guard role != .buffer else {
        value = gradient
        return
      }
      let decay = role == .weight || decaysBiases ? weightDecay : 0
      var step = gradient
      if decay != 0 { step.add(value, scaledBy: decay) }
      if momentum != 0 {
        if var velocity = velocities.removeValue(forKey: name) {
          velocity *= momentum
          velocity += step
          velocities[name] = velocity
          if nesterov { step.add(velocity, scaledBy: momentum) } else { step = velocity }
        } else {
          velocities[name] = step
          if nesterov { step *= 1 + momentum }
        }
      }
      value.add(step, scaledBy: -learningRate)
    }
  }

  package var state: [(name: String, value: Tensor)] {
    velocities.keys.sorted().map { ("velocity." + $0, velocities[$0] ?? Tensor(zeros: [0])) }
  }

  package mutating func restore<Model: Parameterised>(
    _ state: [(name: String, value: Tensor)], for model: Model
  ) throws(SafetensorsError) {
    velocities = try OptimiserState(state).tensors("velocity.", for: model)
  }
}
