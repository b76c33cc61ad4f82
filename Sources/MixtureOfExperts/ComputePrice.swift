/// How the experts' computation enters their choice beside the gate.
///
/// Of the experts that are up, the one with the largest ln g_k − c M_k is taken: g_k is the gate's weight, M_k what expert k
/// computes for a latent, in millions of multiply-adds. So 1/c millions more outweigh a factor of e in the gate's confidence.
/// Policies without weights (`best-snr`, `random`) keep their order.
package struct ComputePrice: Sendable, Hashable {
  /// c, 1/million multiply-adds; 0 is the paper's rule, in which computation does not count.
  package let perMillion: Float
  package static let none = ComputePrice(perMillion: 0)

  package init(perMillion: Float) {
    precondition(perMillion >= 0 && perMillion.isFinite, "a price of \(perMillion)")
    self.perMillion = perMillion
  }

  /// What counts against experts of so many multiply-adds, in units of ln g; nil where nothing does.
  package func penalties(_ multiplyAdds: [Int]) -> [Float]? {
    perMillion == 0 ? nil : multiplyAdds.map { perMillion * Float($0) / 1e6 }
  }
}
