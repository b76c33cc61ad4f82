import DequeModule
import Digests
import Radio
package import Transport
package import WireProtocol

/// An expert's decisions, as a value: events in, directives out; no I/O, no clock, no threads.
///
/// Every base station that is connected has a link of its own, keyed by its id and this process's number.
package struct ExpertNode: Sendable {
  package let configuration: ExpertNodeConfiguration
  let startedAt: UInt64

  var baseStations: [PeerID: ConnectedBaseStation] = [:]
  /// By node, those that are expected back: they have gone not long ago.
  var departed: [String: DepartedBaseStation] = [:]
  /// The models that it holds, the newest first; as many at most as a HELLO names.
  var models: [HeldModel]
  /// Who wants to know how a reload ends; nil while there is none. Signals ask, too, and wait for nothing.
  var reload: [(peer: PeerID, requestID: UInt64)]?
  /// The wall clock's current block.
  var currentBlock: UInt64 = 0
  /// What waits for a compute worker, oldest first.
  var waiting = Deque<Work>()
  var jobsUnderWay = 0
  /// Latents in hand: waiting for a compute worker or on it.
  var latentsInHand = 0
  var isDraining = false

  struct ConnectedBaseStation {
    let node: String
    let generation: UInt64
    let link: SimulatedLink
    /// The model that it serves.
    var digest: SHA256Digest
  }

  /// A base station whose connection has ended, and that may need its model again.
  struct DepartedBaseStation {
    let digest: SHA256Digest
    let until: UInt64
  }

  /// How long a base station that has gone is expected back, in nanoseconds.
  package static let absence: UInt64 = 300_000_000_000
  /// So many are expected back at most; beyond, those that have been gone for the longest are not.
  static let expectedNodes = 64

  /// - Parameter now: nanoseconds of the monotonic clock, as in every event.
  package init(configuration: ExpertNodeConfiguration, now: UInt64) {
    self.configuration = configuration
    models = [configuration.model]
    startedAt = now
  }

  /// The latents that wait at this expert, as base stations are told.
  package var queueDepth: UInt16 { UInt16(clamping: latentsInHand) }

  /// What this expert says of itself in its HELLO.
  package var detail: Hello.Expert {
    Hello.Expert(
      index: UInt16(configuration.expert), expertCount: UInt16(models[0].expertCount),
      linkProcess: configuration.linkProcess, digests: models.map(\.digest), clock: configuration.clock,
      coherenceMicroseconds: UInt32(clamping: configuration.coherence / 1000),
      latentCount: UInt32(models[0].latentCount),
      outputCount: UInt32(models[0].outputCount))
  }

  /// A base station has introduced itself.
  package mutating func onBaseStationHello(
    _ hello: Hello, detail: Hello.BaseStation, peer: PeerID, now: UInt64
  ) -> [Directive] {
    var directives: [Directive] = []
    if let known = baseStations.first(where: { $0.value.node == hello.nodeID }) {
      guard hello.generation > known.value.generation else {
        let newer = hello.generation < known.value.generation ? "with a newer generation " : ""
        let message = "base station \(hello.nodeID) is connected \(newer)already"
        return [
          .send(peer, .error(ProtocolError(.superseded, message)), requestID: 0),
          .disconnect(peer, reason: message),
        ]
      }
      let reason = "replaced by a newer generation of \(hello.nodeID)"
      baseStations[known.key] = nil
      drop { $0.peer == known.key }
      directives += [
        .send(known.key, .error(ProtocolError(.superseded, reason)), requestID: 0),
        .disconnect(known.key, reason: reason),
      ]
    }
    let link: SimulatedLink
    do {
      let id = LinkID(baseStation: detail.id, process: configuration.linkProcess)
      link = try SimulatedLink(configuration: configuration.link, id: id)
    } catch {
      return directives + [.log(.error("no link: \(error)")), .disconnect(peer, reason: "\(error)")]
    }
    baseStations[peer] = ConnectedBaseStation(
      node: hello.nodeID, generation: hello.generation, link: link, digest: detail.digest)
    departed[hello.nodeID] = nil
    directives.append(.log(.notice("serving base station \(detail.id) (\(hello.nodeID))")))
    if model(detail.digest) == nil {
      directives.append(
        .log(
          .error(
            "base station \(detail.id) serves model \(detail.digest.short) (\(detail.modelName)), this expert holds "
              + "\(heldModels): it will not be used")))
    }
    if configuration.clock == .wall {
      directives.append(report(to: peer, now: now))
    }
    retireModels(now: now, &directives)
    return directives
  }

  /// A base station's connection has ended: what it asked is dropped, and what it serves kept for its return.
  package mutating func onDisconnected(_ peer: PeerID, reason: String, now: UInt64) -> [Directive] {
    reload?.removeAll { $0.peer == peer }
    guard let gone = baseStations.removeValue(forKey: peer) else { return [] }
    departed[gone.node] = DepartedBaseStation(digest: gone.digest, until: now + Self.absence)
    if departed.count > Self.expectedNodes, let first = departed.min(by: { $0.value.until < $1.value.until }) {
      departed[first.key] = nil
    }
    var directives: [Directive] = [.log(.notice("base station \(gone.node) has gone: \(reason)"))]
    drop { $0.peer == peer }
    retireModels(now: now, &directives)
    endIfDrained(&directives)
    return directives
  }

  // MARK: Link state

  /// A base station wants to know the state of blocks, now or ahead of their use.
  package mutating func onSubscribe(
    _ subscription: ChannelSubscription, requestID: UInt64, from peer: PeerID, now: UInt64
  ) -> [Directive] {
    guard let baseStation = baseStations[peer] else {
      let error = ProtocolError(.badRequest, "subscribe: only a base station may subscribe")
      return [.send(peer, .error(error), requestID: requestID)]
    }
    guard configuration.clock == .request else { return [report(to: peer, now: now, requestID: requestID)] }
    let states = (0..<UInt64(subscription.count)).map {
      baseStation.link.reportedSNRDB(ofBlock: subscription.firstBlock &+ $0)
    }
    let report = ChannelReport(
      clock: .request, firstBlock: subscription.firstBlock, snrDB: states, remainingMicroseconds: 0)
    return [.send(peer, .channelReport(report), requestID: requestID)]
  }

  /// The wall clock has entered a new block: every base station is told.
  package mutating func onBlockStart(now: UInt64) -> [Directive] {
    guard configuration.clock == .wall else { return [] }
    currentBlock = block(at: now)
    return baseStations.keys.sorted().map { report(to: $0, now: now) }
  }

  /// When the wall clock's next block starts, in nanoseconds of the monotonic clock.
  package func nextBlockStart(now: UInt64) -> UInt64 {
    startedAt + (block(at: now) + 1) * configuration.coherence
  }

  func block(at now: UInt64) -> UInt64 { (now - startedAt) / configuration.coherence }

  private func report(to peer: PeerID, now: UInt64, requestID: UInt64 = 0) -> Directive {
    .send(peer, .channelReport(currentReport(to: peer, now: now)), requestID: requestID)
  }

  func currentReport(to peer: PeerID, now: UInt64) -> ChannelReport {
    let block = block(at: now)
    let states = baseStations[peer].map { [$0.link.reportedSNRDB(ofBlock: block)] } ?? []
    return ChannelReport(
      clock: .wall, firstBlock: block, snrDB: states,
      remainingMicroseconds: UInt32(clamping: (nextBlockStart(now: now) - now) / 1000))
  }

  // MARK: End

  /// Takes no new work from now on; `.drained` follows when nothing is left in hand.
  package mutating func onDrain() -> [Directive] {
    guard !isDraining else { return [] }
    isDraining = true
    var directives: [Directive] = [.log(.notice("draining: \(latentsInHand) latents in hand"))]
    for peer in baseStations.keys.sorted() {
      directives.append(
        .send(
          peer, .goaway(Goaway(reason: .shutdown, graceMicroseconds: 0, message: "the expert is shutting down")),
          requestID: 0))
    }
    endIfDrained(&directives)
    return directives
  }

  func endIfDrained(_ directives: inout [Directive]) {
    if isDraining && latentsInHand == 0 { directives.append(.drained) }
  }
}
