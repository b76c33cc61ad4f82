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
  /// Takes back what `state` gave while it moved a model of the same structure.
  /// - Throws: `mismatch` or `malformed` where the state is not of such a model; the optimiser is then as it was.
  mutating func restore<Model: Parameterised>(
    _ state: [(name: String, value: Tensor)], for model: Model) throws(SafetensorsError)
}
