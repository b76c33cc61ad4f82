package import Tensors

/// A differentiable function with parameters, as a value.
///
/// Inference and training are two functions, so that inference remembers nothing and may differ from training where the
/// layer does (batch normalisation). The gradient of a layer is a value of the layer's own type: where the layer holds a
/// weight its gradient holds dloss/dweight, and a buffer's next value stands in the buffer's place. Thus a network's
/// pullback is written like its body, backwards, and the optimiser walks both side by side.
package protocol Layer: Parameterised {
  /// Inference.
  func callAsFunction(_ x: Tensor) -> Tensor

  /// Training: the output, and the function that carries the gradient of the loss back.
  func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<Self>)

  /// Training of a network's first layer, which reads data: as `pulledBack`, without dloss/dx, which nobody needs.
  func pulledBackFromData(_ x: Tensor) -> (y: Tensor, pullback: (_ dy: Tensor) -> Self)
}

extension Layer {
  package func pulledBackFromData(_ x: Tensor) -> (y: Tensor, pullback: (_ dy: Tensor) -> Self) {
    let (y, pullback) = pulledBack(x)
    return (y, { dy in pullback(dy).gradient })
  }
}

/// dloss/dy to dloss/dx and dloss/dparameters.
package typealias Pullback<L> = (_ dy: Tensor) -> (dx: Tensor, gradient: L)

/// A layer without parameters is its own gradient.
package protocol ParameterlessLayer: Layer {}

extension ParameterlessLayer {
  package mutating func visitParameters(_ visit: ParameterVisitor) {}
}
