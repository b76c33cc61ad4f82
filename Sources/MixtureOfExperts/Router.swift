import Layers
package import Radio
import Randomness
package import Tensors

/// A gate policy made ready: latents and link states in, routing out.
///
/// The base station and the in-process evaluation call this code and no other, image by image with each image's own link states.
package struct Router: Sendable {
  package let policy: GatePolicy
  package let expertCount: Int
  private let gate: Gate?
  private let linkView: LinkView
  private let isDigital: Bool
  private let orders: StreamKey

  /// - Parameters:
  ///   - link: what latents will travel over.
  ///   - baseStation: the base station's id; with `seed` and an image's tag it keys random orders.
  /// - Throws: `noSuchGate` if the policy asks a gate that the model has not.
  package init(
    _ policy: GatePolicy, gates: [GateKind: Gate], description: ModelDescription, link: LinkKind, baseStation: UInt32,
    seed: UInt64
  ) throws(ModelBundleError) {
    if let kind = policy.gate {
      guard let gate = gates[kind] else {
        throw .noSuchGate(
          model: description.name, kind: kind, available: GateKind.allCases.filter { gates[$0] != nil })
      }
      self.gate = gate
    } else {
      gate = nil
    }
    self.policy = policy
    expertCount = description.expertCount
    linkView = description.linkView
    isDigital = link == .digital
    orders = StreamKey(seed: seed, Self.ordersDomain, UInt64(baseStation))
  }

  private static let ordersDomain: UInt64 = 0x726F_7574_65  // "route"

  /// Routes a batch.
  ///
  /// - Parameters:
  ///   - z: latents, `[n, N_F]`.
  ///   - links: what is known of every link, `[n, K]` row by row; experts that are not eligible count as unknown.
  ///   - eligible: for every image the experts it may be sent to.
  ///   - tags: every image's message number (with the request clock, its block).
  package func route(_ z: Tensor, links: [LinkState], eligible: [ExpertSet], tags: [UInt64]) -> Routing {
    let n = z.rowCount
    precondition(
      links.count == n * expertCount && eligible.count == n && tags.count == n,
      "\(n) images of \(expertCount) experts, but \(links.count) links, \(eligible.count) sets, \(tags.count) tags")
    if let gate {
      let codes =
        gate.kind.seesLinks
        ? linkView(links, eligible: eligible, isDigital: [Bool](repeating: isDigital, count: n)) : nil
      return Routing(
        logits: gate(z, linkEncoding: codes).scalars, eligible: eligible, expertCount: expertCount)
    }
    // Links of equal worth, as ideal ones are, are taken in random order too.
    let scores = policy == .bestSNR ? links.map(\.worth) : [Float](repeating: 0, count: links.count)
    return Routing(
      scores: scores, orders: tags.flatMap(randomOrder), eligible: eligible, expertCount: expertCount)
  }

  private func randomOrder(tag: UInt64) -> [UInt8] {
    var generator = CounterGenerator(orders.appending(tag))
    var order = Array(0..<UInt8(expertCount))
    generator.shuffle(&order)
    return order
  }
}
