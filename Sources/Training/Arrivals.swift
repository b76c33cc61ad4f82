import MixtureOfExperts
import Radio
import Tensors

/// What experts make of one image's latent: each link carries it once at most, however many gates ask for it.
struct Arrivals {
  /// An expert's answer, if it had something to compute from.
  struct Arrival {
    /// `[1, classes]`
    var scores: Tensor?
    var delivery: Delivery?
    var use: LinkUse
  }

  private let air: Air
  /// `[1, N_F]`
  private let z: Tensor
  private let packet: CodedLatent?
  private let block: UInt64
  /// By expert and by what is done about a lost codeword.
  private var arrivals: [Arrival?]

  init(of z: Tensor, over air: Air, block: UInt64) throws(LatentEncodingError) {
    self.air = air
    self.z = z
    self.block = block
    arrivals = [Arrival?](repeating: nil, count: air.links.count * DecodeFailurePolicy.allCases.count)
    guard let codec = air.codec else {
      packet = nil
      return
    }
    let coded = z.withUnsafeBufferPointer { z in
      Result { () throws(LatentEncodingError) in try codec.encode(z) }
    }
    packet = try coded.get()
  }

  mutating func arrival(atExpert k: Int, onFailure policy: DecodeFailurePolicy) -> Arrival {
    let place = k * DecodeFailurePolicy.allCases.count + Int(policy.rawValue)
    if let known = arrivals[place] { return known }
    var received = z
    let (delivery, use) = received.withUnsafeMutableBufferPointer { z -> (Delivery?, LinkUse) in
      if let packet, let codec = air.codec {
        let reception = air.links[k].carry(
          packet, into: z, codec: codec, onFailure: policy, decisions: air.decisions, block: block, tag: block,
          attempt: 0)
        return (reception.delivery, reception.use)
      }
      let carried = air.links[k].carry(
        z, powerScaling: air.powerScaling, kind: air.kind, block: block, tag: block, attempt: 0)
      return (.intact, carried.use)
    }
    let arrival = Arrival(
      scores: delivery == nil ? nil : classScores(of: air.experts[k](received), by: air.head), delivery: delivery,
      use: use)
    arrivals[place] = arrival
    return arrival
  }
}

/// The links of an evaluation, the experts at their far ends and the head that reads what comes back, whatever gate chooses
/// among them.
struct Air: Sendable {
  let kind: LinkKind
  let decisions: Decisions
  let links: [SimulatedLink]
  let experts: [Expert]
  let head: Head?
  /// For digital links.
  let codec: LatentCodec?
  /// p
  let powerScaling: Float

  init(_ model: MixtureModel, _ settings: EvaluationSettings) throws {
    kind = settings.link
    decisions = settings.decisions
    experts = model.experts
    head = model.head
    powerScaling = model.description.powerScaling
    codec = settings.link == .digital ? try model.description.latentCodec() : nil
    links = try model.experts.indices.map { k in
      try SimulatedLink(
        configuration: settings.configuration, id: LinkID(baseStation: settings.baseStation, process: UInt32(k)))
    }
  }

  /// What the experts would report of a block; the air acts by the true state, and results tell that one. `[K]`
  func reports(ofBlock block: UInt64) -> [LinkState] {
    links.map { kind == .ideal ? .ideal : LinkState.known(snrDB: $0.reportedSNRDB(ofBlock: block)) }
  }

  func snrDB(ofExpert k: Int, block: UInt64) -> Float? { kind == .ideal ? nil : links[k].state(ofBlock: block).snrDB }
}
