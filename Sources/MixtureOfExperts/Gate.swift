package import Layers
package import Tensors

/// G(z) (eq. 2) or G_AW(z, σ~) (eq. 7): scores of the K experts; routing makes the softmax, over those that are up.
///
/// In the bundle a gate's first layer takes z as it is: training standardises z, and folds that into the weights.
package struct Gate: Layer {
  package let kind: GateKind
  package let expertCount: Int
  package var network: Perceptron

  /// - Parameter hidden: the widths of its hidden layers; nil: Table I's.
  package init(
    _ kind: GateKind, for backbone: BackboneKind, hidden: [Int]? = nil, expertCount: Int,
    using generator: inout some RandomNumberGenerator
  ) {
    self.kind = kind
    self.expertCount = expertCount
    let inputs = backbone.latentCount + (kind.seesLinks ? expertCount : 0)
    network = Perceptron([inputs] + (hidden ?? backbone.gateHiddenCounts) + [expertCount], using: &generator)
  }

  private init(kind: GateKind, expertCount: Int, network: Perceptron) {
    self.kind = kind
    self.expertCount = expertCount
    self.network = network
  }

  /// z `[n, N_F]`, and for G_AW the encoded link states `[n, K]`, to logits `[n, K]`.
  package func callAsFunction(_ z: Tensor, linkEncoding: Tensor? = nil) -> Tensor {
    network(input(z, linkEncoding))
  }

  package func callAsFunction(_ x: Tensor) -> Tensor { network(x) }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<Gate>) {
    let (y, pullback) = network.pulledBack(x)
    return (
      y,
      { dy in
        let (dx, gradient) = pullback(dy)
        return (dx, Gate(kind: kind, expertCount: expertCount, network: gradient))
      }
    )
  }

  package func pulledBackFromData(_ x: Tensor) -> (y: Tensor, pullback: (_ dy: Tensor) -> Gate) {
    let (y, pullback) = network.pulledBackFromData(x)
    return (y, { dy in Gate(kind: kind, expertCount: expertCount, network: pullback(dy)) })
  }

  package mutating func visitParameters(_ visit: ParameterVisitor) { network.visitParameters(visit) }

  /// The network's input: z alone, or z and the link encodings side by side, `[n, N_F + K]`.
  package func input(_ z: Tensor, _ linkEncoding: Tensor?) -> Tensor {
    guard kind.seesLinks else { return z }
    guard let linkEncoding else { preconditionFailure("the \(kind.rawValue) gate needs the state of the links") }
    let (n, latents) = (z.rowCount, z.rowLength)
    precondition(
      linkEncoding.shape == [n, expertCount], "link encodings \(linkEncoding.shape), not \([n, expertCount])")
    let width = latents + expertCount
    return Tensor([n, width]) { x in
      z.withUnsafeBufferPointer { z in
        linkEncoding.withUnsafeBufferPointer { link in
          for row in 0..<n {
            _ = x[row * width..<row * width + latents].update(fromContentsOf: z[row * latents..<(row + 1) * latents])
            _ = x[row * width + latents..<(row + 1) * width]
              .update(fromContentsOf: link[row * expertCount..<(row + 1) * expertCount])
          }
        }
      }
    }
  }

  /// The gate without sight of links that gives each of K experts the first one's score.
  package func copyingFirstOutput(_ expertCount: Int) -> Gate {
    precondition(!kind.seesLinks, "the inputs of a \(kind.rawValue) gate depend on the number of experts")
    var network = network
    var last = network.layers.removeLast()
    let weight = last.weight
    last.weight = Tensor(
      (0..<expertCount).flatMap { _ in weight.rows(0..<1).scalars }, shape: [expertCount, weight.rowLength])
    last.bias = last.bias.map { Tensor(repeating: $0.scalars[0], shape: [expertCount]) }
    network.layers.append(last)
    return Gate(kind: kind, expertCount: expertCount, network: network)
  }

  /// The gate that takes z as it is and does what this one does with (z - mean)/deviation.
  ///
  /// W (z - m)/s + b = (W/s) z + (b - W (m/s)), on the latents' columns; link encodings are on their scale already.
  package func foldingStandardisation(mean: [Float], deviation: [Float]) -> Gate {
    var folded = self
    var weight = network.layers[0].weight
    var bias = network.layers[0].bias ?? Tensor(zeros: [weight.shape[0]])
    let width = weight.shape[1]
    precondition(
      mean.count == deviation.count && mean.count <= width, "\(mean.count) means, \(deviation.count) deviations")
    weight.withUnsafeMutableBufferPointer { w in
      bias.withUnsafeMutableBufferPointer { b in
        for unit in b.indices {
          var shift = 0.0
          for i in mean.indices {
            w[unit * width + i] /= deviation[i]
            shift += Double(w[unit * width + i]) * Double(mean[i])
          }
          b[unit] = Float(Double(b[unit]) - shift)
        }
      }
    }
    folded.network.layers[0].weight = weight
    folded.network.layers[0].bias = bias
    return folded
  }
}
