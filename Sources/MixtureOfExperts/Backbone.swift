package import Datasets
package import Layers
package import Randomness
package import Tensors

/// The networks that can turn an image into z; the raw values stand in `model.json`.
package enum BackboneKind: String, Codable, CaseIterable, Sendable {
  case leNet5 = "lenet5"
  case resNet18 = "resnet18"
  case vit

  /// For people.
  package var title: String {
    switch self {
    case .leNet5: "LeNet-5"
    case .resNet18: "ResNet-18"
    case .vit: "ViT"
    }
  }

  package var inputShape: ImageShape {
    switch self {
    case .leNet5, .resNet18, .vit: .cifar
    }
  }

  /// N_F.
  package var latentCount: Int {
    switch self {
    case .leNet5: 120
    case .resNet18: 512
    case .vit: VisionTransformer.width
    }
  }

  /// The hidden units of its gates' hidden layers (Table I of the paper).
  package var gateHiddenCounts: [Int] {
    switch self {
    case .leNet5: [64]
    case .resNet18, .vit: [256]
    }
  }

  /// The hidden units of its experts' hidden layers (Table I of the paper).
  package var expertHiddenCounts: [Int] {
    switch self {
    case .leNet5: [84]
    case .resNet18: []
    case .vit: [1536]
    }
  }

  /// Whether experts answer with features, of which a head at the base station makes class scores.
  package var hasHead: Bool { self == .vit }

  /// The numbers in an expert's answer.
  package func outputCount(classCount: Int) -> Int { hasHead ? latentCount : classCount }
}

/// z = F(x), eq. 1: what the base station computes of every image before it asks the gate.
package enum Backbone: Layer {
  case leNet5(LeNet5)
  case resNet18(ResNet18)
  case vit(VisionTransformer)

  package init(_ kind: BackboneKind, using generator: inout some RandomNumberGenerator) {
    switch kind {
    case .leNet5: self = .leNet5(LeNet5(using: &generator))
    case .resNet18: self = .resNet18(ResNet18(using: &generator))
    case .vit: self = .vit(VisionTransformer(using: &generator))
    }
  }

  package var kind: BackboneKind {
    switch self {
    case .leNet5: .leNet5
    case .resNet18: .resNet18
    case .vit: .vit
    }
  }

  /// The network that drops branches in training (``VisionTransformer``); one that has no such branches as it is.
  package func withStochasticDepth(_ rate: Float, stream: StreamKey, firstImage: UInt64) -> Backbone {
    guard case .vit(let network) = self else { return self }
    return .vit(network.withStochasticDepth(rate, stream: stream, firstImage: firstImage))
  }

  /// The network that sees only a part of every picture in training (``VisionTransformer``); one that has no tokens as it is.
  package func withPatchDropout(_ rate: Float, stream: StreamKey, firstImage: UInt64) -> Backbone {
    guard case .vit(let network) = self else { return self }
    return .vit(network.withPatchDropout(rate, stream: stream, firstImage: firstImage))
  }

  /// Normalised images `[n, C, H, W]` to latents `[n, N_F]`.
  package func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .leNet5(let network): network(x)
    case .resNet18(let network): network(x)
    case .vit(let network): network(x)
    }
  }

  package func pulledBack(_ x: Tensor) -> (y: Tensor, pullback: Pullback<Backbone>) {
    switch self {
    case .leNet5(let network):
      let (z, pullback) = network.pulledBack(x)
      return (
        z,
        { dz in
          let (dx, gradient) = pullback(dz)
          return (dx, .leNet5(gradient))
        }
      )
    case .resNet18(let network):
      let (z, pullback) = network.pulledBack(x)
      return (
        z,
        { dz in
          let (dx, gradient) = pullback(dz)
          return (dx, .resNet18(gradient))
        }
      )
    case .vit(let network):
      let (z, pullback) = network.pulledBack(x)
      return (
        z,
        { dz in
          let (dx, gradient) = pullback(dz)
          return (dx, .vit(gradient))
        }
      )
    }
  }

  package func pulledBackFromData(_ x: Tensor) -> (y: Tensor, pullback: (_ dy: Tensor) -> Backbone) {
    switch self {
    case .leNet5(let network):
      let (z, pullback) = network.pulledBackFromData(x)
      return (z, { dz in .leNet5(pullback(dz)) })
    case .resNet18(let network):
      let (z, pullback) = network.pulledBackFromData(x)
      return (z, { dz in .resNet18(pullback(dz)) })
    case .vit(let network):
      let (z, pullback) = network.pulledBackFromData(x)
      return (z, { dz in .vit(pullback(dz)) })
    }
  }

  package mutating func visitParameters(_ visit: ParameterVisitor) {
    switch self {
    case .leNet5(var network):
      network.visitParameters(visit)
      self = .leNet5(network)
    case .resNet18(var network):
      network.visitParameters(visit)
      self = .resNet18(network)
    case .vit(var network):
      network.visitParameters(visit)
      self = .vit(network)
    }
  }
}
