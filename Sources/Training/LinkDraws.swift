import Foundation
package import MixtureOfExperts
package import Radio
import Randomness
package import Tensors

/// Algorithm 1, lines 14-17: for every sample and expert a link of its own, and what the expert receives over it.
///
/// Every draw is keyed by the sample's number, so any part of a run can be drawn again. Links are the very ones that serve
/// (`SimulatedLink`), under base station ids that no server has.
package struct LinkDraws: Sendable {
  /// Whether a sample's links are analog or digital.
  package enum Kind: Hashable, Sendable {
    case analog
    case digital
    /// Digital with this probability, all links of a sample alike.
    case mixed(digitalShare: Double)
  }

  /// The links of every law, and up to which number in [0, 1) it is drawn.
  private let laws: [(links: [SimulatedLink], upTo: Double)]
  private let expertCount: Int
  private let powerScaling: Float
  private let latentMean: [Float]
  private let kind: Kind
  private let packetErrors: PacketErrorLaw
  private let availability: Availability
  private let key: StreamKey

  /// - Parameters:
  ///   - laws: what links are like, one drawn for each sample by its share of the sum of all shares.
  ///   - baseStation: separates draws for training from those for choosing.
  ///   - downShare: the probability with which an expert is down.
  package init(
    _ laws: [(configuration: LinkConfiguration, share: Double)], seed: UInt64, model: ModelDescription,
    baseStation: UInt32, kind: Kind,
    messageBits: Double = 1_000, downShare: Double = 0
  ) throws(LinkConfigurationError) {
    let sum = laws.reduce(0) { $0 + $1.share }
    var drawn: [(links: [SimulatedLink], upTo: Double)] = []
    for law in laws {
      var configuration = law.configuration
      configuration.seed = seed
      var links: [SimulatedLink] = []
      for k in 0..<model.expertCount {
        links.append(
          try SimulatedLink(configuration: configuration, id: LinkID(baseStation: baseStation, process: UInt32(k))))
      }
      drawn.append((links, (drawn.last?.upTo ?? 0) + law.share / sum))
    }
    self.laws = drawn
    expertCount = model.expertCount
    powerScaling = model.powerScaling
    latentMean = model.latentMean
    self.kind = kind
    packetErrors = PacketErrorLaw(messageBits: messageBits)
    availability = Availability(expertCount: model.expertCount, downShare: downShare, seed: seed)
    key = StreamKey(seed: seed, 0x6472_6177, UInt64(baseStation))  // "draw"
  }

  package static let trainingBaseStation = UInt32.max
  package static let validationBaseStation = UInt32.max - 1

  package struct Draw: Sendable {
    /// z~_k, K times `[n, N_F]`.
    package var received: [Tensor]
    /// The links, `[n, K]` row by row.
    package var states: [LinkState]
    package var eligible: [ExpertSet]
    /// Whether a sample's links are digital, `[n]`.
    package var isDigital: [Bool]
  }

  /// Sends z `[n, N_F]` of samples `firstSample` … to every expert.
  package func draw(_ z: Tensor, firstSample: UInt64) -> Draw {
    let (n, width, K) = (z.rowCount, z.rowLength, expertCount)
    var draw = Draw(
      received: [Tensor](repeating: z, count: K), states: [LinkState](repeating: .unknown, count: n * K),
      eligible: [ExpertSet](repeating: .all(K), count: n), isDigital: [Bool](repeating: false, count: n))
    var law = [Int](repeating: 0, count: n)
    var luck = [Double](repeating: 0, count: n * K)
    for row in 0..<n {
      var generator = CounterGenerator(key.appending(firstSample + UInt64(row)))
      switch kind {
      case .analog: break
      case .digital: draw.isDigital[row] = true
      case .mixed(let share): draw.isDigital[row] = generator.uniform() < share
      }
      if laws.count > 1 {
        let number = generator.uniform()
        law[row] = laws.firstIndex { number < $0.upTo } ?? laws.count - 1
      }
      for k in 0..<K { luck[row * K + k] = generator.uniform() }
      draw.eligible[row] = availability.experts(ofSample: firstSample + UInt64(row))
    }
    for k in 0..<K {
      draw.received[k].withUnsafeMutableBufferPointer { received in
        for row in 0..<n {
          let sample = firstSample + UInt64(row)
          let message = UnsafeMutableBufferPointer(rebasing: received[row * width..<(row + 1) * width])
          let link = laws[law[row]].links[k]
          let carried = link.carry(
            message, powerScaling: powerScaling, kind: draw.isDigital[row] ? .ideal : .analog, block: sample,
            tag: sample, attempt: 0)
          if draw.isDigital[row],
            luck[row * K + k] < packetErrors.lossProbability(snrDB: Double(carried.state.snrDB))
          {
            _ = message.update(fromContentsOf: latentMean)
          }
          draw.states[row * K + k] = .known(snrDB: link.reportedSNRDB(ofBlock: sample))
        }
      }
    }
    return draw
  }
}
