package import Layers
package import Tensors

/// fc2(relu(fc1(x))): the small MLP that gates and experts are.
package struct Perceptron: Layer {
  package var fc1: Linear
  package var fc2: Linear

  package init(_ inputs: Int, _ hidden: Int, _ outputs: Int, using generator: inout some RandomNumberGenerator) {
    fc1 = Linear(inputs, hidden, activation: .relu, using: &generator)
    fc2 = Linear(hidden, outputs, using: &generator)
  }

  private init(fc1: Linear, fc2: Linear) {
    self.fc1 = fc1
    self.fc2 = fc2
  }

  package func callAsFunction(_ x: Tensor) -> Tensor { fc2(fc1(x)) }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<Perceptron>) {
    let (hidden, fc1Back) = fc1.pulledBack(x)
    let (y, fc2Back) = fc2.pulledBack(hidden)
    return (
      y,
      { dy in
        let (dHidden, fc2) = fc2Back(dy)
        let (dx, fc1) = fc1Back(dHidden)
        return (dx, Perceptron(fc1: fc1, fc2: fc2))
      }
    )
  }

  package func pulledBackFromData(_ x: Tensor) -> (y: Tensor, pullback: (_ dy: Tensor) -> Perceptron) {
    let (hidden, fc1Back) = fc1.pulledBackFromData(x)
    let (y, fc2Back) = fc2.pulledBack(hidden)
    return (
      y,
      { dy in
        let (dHidden, fc2) = fc2Back(dy)
        return Perceptron(fc1: fc1Back(dHidden), fc2: fc2)
      }
    )
  }

  package mutating func visitParameters(_ visit: ParameterVisitor) {
    fc1.visitParameters(visit.under("fc1"))
    fc2.visitParameters(visit.under("fc2"))
  }
}

/// Q_k: one expert, z `[n, N_F]` (as received: z~) to o `[n, outputs]`.
package typealias Expert = Perceptron

extension Perceptron {
  /// An expert of Table I for the backbone.
  package init(
    expertFor backbone: BackboneKind, outputCount: Int, using generator: inout some RandomNumberGenerator
  ) {
    self.init(backbone.latentCount, backbone.expertHiddenCount, outputCount, using: &generator)
  }
}
