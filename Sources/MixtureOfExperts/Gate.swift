package import Layers
package import Tensors

/// G(z) (eq. 2) or G_AW(z, σ~) (eq. 7): scores of the K experts; routing makes the softmax, over those that are up.
///
/// In the bundle a gate's first layer takes z as it is: training standardises z, and folds that into the weights.
package struct Gate: Layer {
  package let kind: GateKind
  package let expertCount: Int
  /// C: how many numbers it is told of each link.
  package let numbersPerLink: Int
  package var network: Perceptron
  /// v `[C]`: what is told of link k counts, so weighted, for expert k itself, beside what the network makes of it; nil: it does
  /// not.
  ///
  /// A network has to learn for each expert anew that a better link is worth more; this says it once for all.
  package var directWeight: Tensor?

  /// - Parameters:
  ///   - hidden: the widths of its hidden layers; nil: Table I's.
  ///   - numbersPerLink: C, for G_AW.
  ///   - seesLinksDirectly: whether G_AW has direct weights.
  package init(
    _ kind: GateKind, for backbone: BackboneKind, hidden: [Int]? = nil, expertCount: Int, numbersPerLink: Int = 1,
    seesLinksDirectly: Bool = false, using generator: inout some RandomNumberGenerator
  ) {
    self.kind = kind
    self.expertCount = expertCount
    self.numbersPerLink = kind.seesLinks ? numbersPerLink : 0
    let inputs = backbone.latentCount + self.numbersPerLink * expertCount
    network = Perceptron([inputs] + (hidden ?? backbone.gateHiddenCounts) + [expertCount], using: &generator)
    directWeight =
      kind.seesLinks && seesLinksDirectly
      ? Tensor(repeating: Self.firstDirectWeight, shape: [numbersPerLink]) : nil
  }

  /// Where training begins: an analog link 6 dB better than another is worth a factor of e, by its level and by its height
  /// together.
  private static let firstDirectWeight: Float = 2

  private init(
    kind: GateKind, expertCount: Int, numbersPerLink: Int, network: Perceptron, directWeight: Tensor?
  ) {
    self.kind = kind
    self.expertCount = expertCount
    self.numbersPerLink = numbersPerLink
    self.network = network
    self.directWeight = directWeight
  }

  private func with(network: Perceptron, directWeight: Tensor?) -> Gate {
    Gate(
      kind: kind, expertCount: expertCount, numbersPerLink: numbersPerLink, network: network,
      directWeight: directWeight)
  }

  /// z `[n, N_F]`, and for G_AW the encoded link states `[n, C K]`, to logits `[n, K]`.
  package func callAsFunction(_ z: Tensor, linkEncoding: Tensor? = nil) -> Tensor {
    self(input(z, linkEncoding))
  }

  package func callAsFunction(_ x: Tensor) -> Tensor { addingDirect(x, to: network(x)) }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<Gate>) {
    let (y, pullback) = network.pulledBack(x)
    return (
      addingDirect(x, to: y),
      { dy in
        var (dx, gradient) = pullback(dy)
        addDirectGradient(dy, to: &dx)
        return (dx, with(network: gradient, directWeight: directGradient(x, dy)))
      }
    )
  }

  package func pulledBackFromData(_ x: Tensor) -> (y: Tensor, pullback: (_ dy: Tensor) -> Gate) {
    let (y, pullback) = network.pulledBackFromData(x)
    return (
      addingDirect(x, to: y), { dy in with(network: pullback(dy), directWeight: directGradient(x, dy)) }
    )
  }

  package mutating func visitParameters(_ visit: ParameterVisitor) {
    network.visitParameters(visit)
    if var weight = directWeight {
      visit("direct.weight", .weight, &weight)
      directWeight = weight
    }
  }

  /// The network's input: z alone, or z and the link encodings side by side, `[n, N_F + C K]`.
  package func input(_ z: Tensor, _ linkEncoding: Tensor?) -> Tensor {
    guard kind.seesLinks else { return z }
    guard let linkEncoding else { preconditionFailure("the \(kind.rawValue) gate needs the state of the links") }
    let (n, latents) = (z.rowCount, z.rowLength)
    let codes = numbersPerLink * expertCount
    precondition(linkEncoding.shape == [n, codes], "link encodings \(linkEncoding.shape), not \([n, codes])")
    let width = latents + codes
    return Tensor([n, width]) { x in
      z.withUnsafeBufferPointer { z in
        linkEncoding.withUnsafeBufferPointer { link in
          for row in 0..<n {
            _ = x[row * width..<row * width + latents].update(fromContentsOf: z[row * latents..<(row + 1) * latents])
            _ = x[row * width + latents..<(row + 1) * width]
              .update(fromContentsOf: link[row * codes..<(row + 1) * codes])
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
    return Gate(
      kind: kind, expertCount: expertCount, numbersPerLink: numbersPerLink, network: network, directWeight: nil)
  }

  /// The gate whose network counts `factor` times as much, beside what it is told of links directly.
  package func weighingNetwork(_ factor: Float) -> Gate {
    var weighed = self
    let last = network.layers.count - 1
    weighed.network.layers[last].weight = network.layers[last].weight.map { factor * $0 }
    weighed.network.layers[last].bias = network.layers[last].bias.map { $0.map { factor * $0 } }
    return weighed
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

extension Gate {
  /// A gate as a model's description has it, with weights drawn anew.
  package init(_ kind: GateKind, of model: ModelDescription, using generator: inout some RandomNumberGenerator) {
    self.init(
      kind, for: model.backbone, hidden: model.gateHiddenWidths?[kind.rawValue], expertCount: model.expertCount,
      numbersPerLink: model.linkEncoding.numbersPerLink, seesLinksDirectly: model.gateSeesLinksDirectly ?? false,
      using: &generator)
  }
}
