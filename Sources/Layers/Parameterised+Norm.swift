import Tensors

extension Parameterised {
  /// The Euclidean norm of all numbers that are trained.
  package var norm: Double {
    parameters.filter { $0.role != .buffer }.reduce(0) { $0 + $1.value.sumOfSquares }.squareRoot()
  }

  /// Scales a gradient down to a norm of `greatest` if its own is larger (Pascanu et al. 2013), as PyTorch's
  /// `clip_grad_norm_`; buffers stay.
  package mutating func clip(toNorm greatest: Float) {
    let share = Float(Double(greatest) / (norm + 1e-6))
    guard share < 1 else { return }
    updateParameters { _, role, value in if role != .buffer { value *= share } }
  }
}
