package import Layers
package import Tensors

/// fcN(… relu(fc1(x))): the small MLP that gates and experts are.
package struct Perceptron: Layer {
  /// fc1, fc2, …; all but the last end in a ReLU.
  package var layers: [Linear]

  /// - Parameter widths: of the input, of the hidden layers if there are any, of the output.
  package init(_ widths: [Int], using generator: inout some RandomNumberGenerator) {
    precondition(widths.count >= 2, "a perceptron of widths \(widths)")
    layers = []
    for place in 1..<widths.count {
      layers.append(
        Linear(
          widths[place - 1], widths[place], activation: place + 1 < widths.count ? .relu : .identity, using: &generator)
      )
    }
  }

  private init(layers: [Linear]) { self.layers = layers }

  package func callAsFunction(_ x: Tensor) -> Tensor { layers.reduce(x) { x, layer in layer(x) } }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<Perceptron>) {
    let (a, firstBack) = layers[0].pulledBack(x)
    let (y, restBack) = restPulledBack(a)
    return (
      y,
      { dy in
        let (da, rest) = restBack(dy)
        let (dx, first) = firstBack(da)
        return (dx, Perceptron(layers: [first] + rest))
      }
    )
  }

  package func pulledBackFromData(_ x: Tensor) -> (y: Tensor, pullback: (_ dy: Tensor) -> Perceptron) {
    let (a, firstBack) = layers[0].pulledBackFromData(x)
    let (y, restBack) = restPulledBack(a)
    return (
      y,
      { dy in
        let (da, rest) = restBack(dy)
        return Perceptron(layers: [firstBack(da)] + rest)
      }
    )
  }

  /// All after fc1, whose output is `a`.
  private func restPulledBack(_ a: Tensor) -> (y: Tensor, pullback: (_ dy: Tensor) -> (da: Tensor, rest: [Linear])) {
    var y = a
    let pullbacks = layers.dropFirst().map { layer in
      let (next, pullback) = layer.pulledBack(y)
      y = next
      return pullback
    }
    return (
      y,
      { dy in
        var (da, rest) = (dy, [Linear]())
        for pullback in pullbacks.reversed() {
          let (dx, gradient) = pullback(da)
          da = dx
          rest.insert(gradient, at: 0)
        }
        return (da, rest)
      }
    )
  }

  package mutating func visitParameters(_ visit: ParameterVisitor) {
    for index in layers.indices { layers[index].visitParameters(visit.under("fc\(index + 1)")) }
  }
}

/// Q_k: one expert, z `[n, N_F]` (as received: z~) to o `[n, outputs]`.
package typealias Expert = Perceptron

extension Perceptron {
  /// An expert for the backbone.
  ///
  /// - Parameter hidden: the widths of its hidden layers; nil: Table I's.
  package init(
    expertFor backbone: BackboneKind, hidden: [Int]? = nil, outputCount: Int,
    using generator: inout some RandomNumberGenerator
  ) {
    let hidden = hidden ?? backbone.expertHiddenCounts
    self.init([backbone.latentCount] + hidden + [outputCount], using: &generator)
  }
}
