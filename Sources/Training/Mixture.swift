package import Layers
package import MixtureOfExperts

/// What stage 1 trains: θ_F, θ_G and θ_Q1 … θ_QK of Algorithm 1, under one visitor.
package struct Mixture: Parameterised {
  /// F.
  package var backbone: Backbone
  package var heads: Heads

  /// - Parameter expertHiddenWidths: one list an expert; nil: all have Table I's.
  package init(
    backbone: BackboneKind, expertCount: Int, expertHiddenWidths: [[Int]]? = nil, classCount: Int,
    using generator: inout some RandomNumberGenerator
  ) {
    self.backbone = Backbone(backbone, using: &generator)
    heads = Heads(
      for: backbone, expertCount: expertCount, expertHiddenWidths: expertHiddenWidths, classCount: classCount,
      using: &generator)
  }

  init(backbone: Backbone, heads: Heads) {
    self.backbone = backbone
    self.heads = heads
  }

  package var gate: Gate { heads.gate }
  package var experts: [Expert] { heads.experts }
  package var head: Head? { heads.head }

  /// K copies of the first expert, and a gate to which they are all the same.
  func copyingOneExpert(_ expertCount: Int) -> Mixture {
    let copies = [Expert](repeating: experts[0], count: expertCount)
    return Mixture(
      backbone: backbone, heads: Heads(gate: gate.copyingFirstOutput(expertCount), experts: copies, head: head))
  }

  package mutating func visitParameters(_ visit: ParameterVisitor) {
    backbone.visitParameters(visit.under("backbone"))
    heads.visitParameters(visit)
  }
}

/// What reads z: the part of a mixture that is trained alone where the backbone is kept.
package struct Heads: Parameterised {
  /// G.
  package var gate: Gate
  /// Q_0 … Q_{K-1}.
  package var experts: [Expert]
  /// What makes class scores of all experts' outputs, where they are none.
  package var head: Head?

  init(
    for backbone: BackboneKind, expertCount: Int, expertHiddenWidths: [[Int]]?, classCount: Int,
    using generator: inout some RandomNumberGenerator
  ) {
    gate = Gate(.base, for: backbone, expertCount: expertCount, using: &generator)
    experts = []
    let outputCount = backbone.outputCount(classCount: classCount)
    for k in 0..<expertCount {
      experts.append(
        Expert(
          expertFor: backbone, hidden: expertHiddenWidths?[k], outputCount: outputCount, using: &generator))
    }
    head = backbone.makeHead(classCount: classCount, using: &generator)
  }

  init(gate: Gate, experts: [Expert], head: Head?) {
    self.gate = gate
    self.experts = experts
    self.head = head
  }

  package mutating func visitParameters(_ visit: ParameterVisitor) {
    gate.visitParameters(visit.under("gate"))
    for k in experts.indices { experts[k].visitParameters(visit.under("experts").under(k)) }
    head?.visitParameters(visit.under("head"))
  }
}
