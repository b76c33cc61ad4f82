import Foundation
package import Layers
package import MixtureOfExperts
package import Tensors

/// What stage 2 trains: θ_AW, and beside it the naive gate on the same draws.
package struct GatePair: Parameterised {
  /// G_AW(z, σ~).
  package var channelAware: Gate
  /// G(z), blind to the links.
  package var naive: Gate

  /// The gates as a model's description has them, with weights drawn anew.
  package init(of model: ModelDescription, using generator: inout some RandomNumberGenerator) {
    channelAware = Gate(.channelAware, of: model, using: &generator)
    naive = Gate(.naive, of: model, using: &generator)
  }

  init(channelAware: Gate, naive: Gate) {
    self.channelAware = channelAware
    self.naive = naive
  }

  package mutating func visitParameters(_ visit: ParameterVisitor) {
    channelAware.visitParameters(visit.under("channel-aware"))
    naive.visitParameters(visit.under("naive"))
  }
}

/// g = softmax of the gate's logits over the experts that are up, `[n, K]`; 0 for the others.
package func maskedSoftmax(_ logits: Tensor, eligible: [ExpertSet]) -> Tensor {
  let K = logits.rowLength
  var g = logits
  g.withUnsafeMutableBufferPointer { g in
    for row in eligible.indices {
      let up = eligible[row]
      var peak = -Float.infinity
      for k in 0..<K where up.contains(expert: k) { peak = max(peak, g[row * K + k]) }
      var total: Float = 0
      for k in 0..<K {
        g[row * K + k] = up.contains(expert: k) ? expf(g[row * K + k] - peak) : 0
        total += g[row * K + k]
      }
      for k in 0..<K { g[row * K + k] /= total }
    }
  }
  return g
}
