package import Tensors

/// Named layers one after the other: the chain rule.
///
///     let expert: Sequential = [
///       "fc1": Linear(120, 84, activation: .relu, using: &generator),
///       "fc2": Linear(84, 10, using: &generator),
///     ]
package struct Sequential: Layer, ExpressibleByDictionaryLiteral {
  package private(set) var layers: [(name: String, layer: any Layer)]

  package init(_ layers: [(name: String, layer: any Layer)]) {
    precondition(Set(layers.map(\.name)).count == layers.count, "two layers share a name: \(layers.map(\.name))")
    self.layers = layers
  }

  package init(dictionaryLiteral elements: (String, any Layer)...) {
    self.init(elements.map { (name: $0.0, layer: $0.1) })
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    layers.reduce(x) { x, step in step.layer(x) }
  }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<Sequential>) {
    var y = x
    var pullbacks: [(Tensor) -> (dx: Tensor, gradient: any Layer)] = []
    for (_, layer) in layers {
      let step = layer.erasedPulledBack(y)
      y = step.y
      pullbacks.append(step.pullback)
    }
    return (
      y,
      { [layers, pullbacks] dy in
        var dx = dy
        var gradients = layers
        for index in layers.indices.reversed() {
          (dx, gradients[index].layer) = pullbacks[index](dx)
        }
        return (dx, Sequential(gradients))
      }
    )
  }

  package func pulledBackFromData(_ x: Tensor) -> (y: Tensor, pullback: (_ dy: Tensor) -> Sequential) {
    guard let (name, first) = layers.first else { return (x, { _ in self }) }
    let (hidden, firstPullback) = first.erasedPulledBackFromData(x)
    let (y, restPullback) = Sequential(Array(layers.dropFirst())).pulledBack(hidden)
    return (
      y,
      { dy in
        let (dHidden, rest) = restPullback(dy)
        return Sequential([(name, firstPullback(dHidden))] + rest.layers)
      }
    )
  }

  package mutating func visitParameters(_ visit: ParameterVisitor) {
    for index in layers.indices {
      layers[index].layer.visitParameters(visit.under(layers[index].name))
    }
  }
}

extension Layer {
  /// The pullback with its gradient's type forgotten.
  fileprivate func erasedPulledBack(_ x: Tensor) -> (y: Tensor, pullback: (Tensor) -> (dx: Tensor, gradient: any Layer))
  {
    let (y, pullback) = pulledBack(x)
    return (
      y,
      { dy in
        let (dx, gradient) = pullback(dy)
        return (dx, gradient)
      }
    )
  }

  fileprivate func erasedPulledBackFromData(_ x: Tensor) -> (y: Tensor, pullback: (Tensor) -> any Layer) {
    let (y, pullback) = pulledBackFromData(x)
    return (y, { dy in pullback(dy) })
  }
}
