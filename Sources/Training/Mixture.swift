package import Layers
package import MixtureOfExperts

/// What stage 1 trains: θ_F, θ_G and θ_Q1 … θ_QK of Algorithm 1, under one visitor.
package struct Mixture: Parameterised {
  /// F.
  package var backbone: Backbone
  /// G.
  package var gate: Gate
  /// Q_0 … Q_{K-1}.
  package var experts: [Expert]

  package init(
    backbone: BackboneKind, expertCount: Int, outputCount: Int, using generator: inout some RandomNumberGenerator
  ) {
    self.backbone = Backbone(backbone, using: &generator)
    gate = Gate(.base, for: backbone, expertCount: expertCount, using: &generator)
    experts = []
    for _ in 0..<expertCount {
      experts.append(Expert(expertFor: backbone, outputCount: outputCount, using: &generator))
    }
  }

  init(backbone: Backbone, gate: Gate, experts: [Expert]) {
    self.backbone = backbone
    self.gate = gate
    self.experts = experts
  }

  /// K copies of the first expert, and a gate to which they are all the same.
  func copyingOneExpert(_ expertCount: Int) -> Mixture {
    Mixture(
      backbone: backbone, gate: gate.copyingFirstOutput(expertCount),
      experts: [Expert](repeating: experts[0], count: expertCount))
  }

  package mutating func visitParameters(_ visit: ParameterVisitor) {
    backbone.visitParameters(visit.under("backbone"))
    gate.visitParameters(visit.under("gate"))
    for k in experts.indices { experts[k].visitParameters(visit.under("experts").under(k)) }
  }
}
