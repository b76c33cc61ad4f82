package import Tensors

/// `[batch, …]` to `[batch, features]`.
package struct Flatten: ParameterlessLayer {
  package init() {}

  package func callAsFunction(_ x: Tensor) -> Tensor { x.reshaped([x.rowCount, x.rowLength]) }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<Flatten>) {
    (self(x), { dy in (dy.reshaped(x.shape), self) })
  }
}
