package import Tensors

/// Momentum made orthogonal, for the matrices of hidden layers (Muon: Jordan et al. 2024), with AdamW for all else.
///
/// Steps of a matrix are as long as AdamW's usually are, so that both share learning rate and weight decay (Liu et al. 2025);
/// they are those of `torch.optim.Muon` with `adjust_lr_fn="match_rms_adamw"`.
package struct Muon: Optimiser {
  /// Of what is not orthogonalised.
  private var rest: AdamW
  /// μ, Nesterov's.
  package static let matrixMomentum: Float = 0.95
  /// The polynomial's a, b and c.
  private static let coefficients: (a: Float, b: Float, c: Float) = (3.4445, -4.775, 2.0315)
  private static let polynomials = 5
  private let orthogonalises: @Sendable (_ name: String) -> Bool
  private var velocities: [String: Tensor] = [:]

  /// - Parameters:
  ///   - rest: for what is not orthogonalised; learning rate and weight decay count for all.
  ///   - orthogonalises: whether it does so with a weight `[outputs, inputs]` of this name.
  package init(_ rest: AdamW, orthogonalises: @escaping @Sendable (_ name: String) -> Bool) {
    self.rest = rest
    self.orthogonalises = orthogonalises
  }

  package var learningRate: Float {
    get { rest.learningRate }
    set { rest.learningRate = newValue }
  }
  package var momentum: Float {
    get { rest.momentum }
    set { rest.momentum = newValue }
  }

  package mutating func update<Model: Parameterised>(_ model: inout Model, along gradient: Model) {
    let momentum = Self.matrixMomentum
    var names: [String] = []
    var steps: [Tensor] = []
    model.updateParameters(with: gradient) { name, role, value, gradient in
      guard role == .weight, value.shape.count == 2, orthogonalises(name) else {
        rest.update(name, role, &value, along: gradient)
        return
      }
      var velocity = velocities.removeValue(forKey: name) ?? Tensor(zeros: value.shape)
      velocity *= momentum
      velocity.add(gradient, scaledBy: 1 - momentum)
      var step = velocity
      step *= momentum
      step.add(gradient, scaledBy: 1 - momentum)
      velocities[name] = velocity
      names.append(name)
      steps.append(step)
    }
    let directions = Parallel.map(steps.count) { Self.orthogonal(steps[$0]) }
    var next = 0
    model.updateParameters { name, _, value in
      guard next < names.count, names[next] == name else { return }
      let size = 0.2 * Float(value.shape.max() ?? 1).squareRoot()
      value *= 1 - learningRate * rest.weightDecay
      value.add(directions[next], scaledBy: -learningRate * size)
      next += 1
    }
  }

  /// U Vᵀ of x = U Σ Vᵀ, about: five times a polynomial brings every singular value near 1 (Newton and Schulz's iteration).
  package static func orthogonal(_ x: Tensor) -> Tensor {
    guard x.shape[0] <= x.shape[1] else { return orthogonal(x.transposed).transposed }
    let kernels = Kernels.current
    func timesTransposed(_ x: Tensor) -> Tensor { kernels.linear(x, weight: x, bias: nil, activation: .identity) }
    var x = x
    x *= 1 / (Float(x.sumOfSquares.squareRoot()) + 1e-7)
    for _ in 0..<polynomials {
      let product = timesTransposed(x)
      // The product is symmetric, so that this is its square.
      var factor = timesTransposed(product)
      factor *= coefficients.c
      factor.add(product, scaledBy: coefficients.b)
      let change = kernels.linearInputGradient(factor, weight: x, inputShape: x.shape)
      x *= coefficients.a
      x += change
    }
    return x
  }

  package var state: [(name: String, value: Tensor)] {
    velocities.sorted { $0.key < $1.key }.map { ("velocity." + $0.key, $0.value) } + rest.state
  }

  package mutating func restore<Model: Parameterised>(
    _ state: [(name: String, value: Tensor)], for model: Model
  ) throws(SafetensorsError) {
    let velocities = try OptimiserState(state).tensors("velocity.", for: model)
    try rest.restore(state.filter { !$0.name.hasPrefix("velocity.") }, for: model)
    self.velocities = velocities
  }
}
