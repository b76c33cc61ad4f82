package import Tensors

/// Moves a model against its gradient.
package protocol Optimiser: Sendable {
  var learningRate: Float { get set }
  /// What the one-cycle schedule moves against the learning rate: SGD's momentum, Adam's β₁.
  var momentum: Float { get set }

  /// One step. Buffers take the value that the gradient holds for them.
  mutating func update<Model: Parameterised>(_ model: inout Model, along gradient: Model)

  /// Everything that a checkpoint needs beside the hyperparameters, by name.
  var state: [(name: String, value: Tensor)] { get }
  /// Takes back what `state` gave; later steps check names and shapes.
  mutating func restore(_ state: [(name: String, value: Tensor)])
}
