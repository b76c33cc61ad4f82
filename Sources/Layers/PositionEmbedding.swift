package import Tensors

/// Adds to every token a learnt vector of its place.
package struct PositionEmbedding: Layer {
  /// `[1, tokens, width]`
  package var weight: Tensor

  /// N(0, 0.02²), as vision transformers have it.
  package init(tokens: Int, width: Int, using generator: inout some RandomNumberGenerator) {
    weight = Tensor(normal: 0.02, shape: [1, tokens, width], using: &generator)
  }

  private init(weight: Tensor) { self.weight = weight }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    precondition(x.shape.dropFirst() == weight.shape.dropFirst(), "tokens \(x.shape), places \(weight.shape)")
    var y = x
    let length = weight.count
    weight.withUnsafeBufferPointer { weight in
      y.withUnsafeMutableBufferPointer { y in
        for start in stride(from: 0, to: y.count, by: length) {
          for i in 0..<length { y[start + i] += weight[i] }
        }
      }
    }
    return y
  }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<PositionEmbedding>) {
    (
      self(x),
      { [weight] dy in
        var sum = Tensor(zeros: weight.shape)
        let length = sum.count
        dy.withUnsafeBufferPointer { dy in
          sum.withUnsafeMutableBufferPointer { sum in
            for start in stride(from: 0, to: dy.count, by: length) {
              for i in 0..<length { sum[i] += dy[start + i] }
            }
          }
        }
        return (dy, PositionEmbedding(weight: sum))
      }
    )
  }

  package mutating func visitParameters(_ visit: ParameterVisitor) { visitParameters(visit, "weight") }

  /// The parameter goes by the name that the network gives it ("pos_embed").
  package mutating func visitParameters(_ visit: ParameterVisitor, _ name: String) { visit(name, .bias, &weight) }
}
