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

  private var baseStations: [PeerID: ConnectedBaseStation] = [:]
  /// The wall clock's current block.
  private var currentBlock: UInt64 = 0
  /// Latents in hand: waiting for a compute worker or on it.
  private var latentsInHand = 0
  private var isDraining = false

  private struct ConnectedBaseStation {
    let node: String
    let generation: UInt64
    let link: SimulatedLink
  }

  /// - Parameter now: nanoseconds of the monotonic clock, as in every event.
  package init(configuration: ExpertNodeConfiguration, now: UInt64) {
    self.configuration = configuration
    startedAt = now
  }

  /// What this expert says of itself in its HELLO.
  package var detail: Hello.Expert {
    Hello.Expert(
      index: UInt16(configuration.expert), expertCount: UInt16(configuration.expertCount),
      linkProcess: configuration.linkProcess, digests: [configuration.modelDigest], clock: configuration.clock,
      coherenceMicroseconds: UInt32(configuration.coherence / 1000), latentCount: UInt32(configuration.latentCount),
      outputCount: UInt32(configuration.outputCount))
  }

  /// A base station has introduced itself.
  package mutating func onBaseStationHello(
    _ hello: Hello, detail: Hello.BaseStation, peer: PeerID, now: UInt64
  ) -> [Directive] {
    var directives: [Directive] = []
    if let known = baseStations.first(where: { $0.value.node == hello.nodeID }) {
      guard hello.generation > known.value.generation else {
        let message = "base station \(hello.nodeID) is connected with a newer generation already"
        return [
          .send(peer, .error(ProtocolError(.superseded, message)), requestID: 0),
          .disconnect(peer, reason: message),
        ]
      }
      baseStations[known.key] = nil
      directives.append(.disconnect(known.key, reason: "replaced by a newer generation of \(hello.nodeID)"))
    }
    let link: SimulatedLink
    do {
      let id = LinkID(baseStation: detail.id, process: configuration.linkProcess)
      link = try SimulatedLink(configuration: configuration.link, id: id)
    } catch {
      return directives + [.log(.error("no link: \(error)")), .disconnect(peer, reason: "\(error)")]
    }
    baseStations[peer] = ConnectedBaseStation(node: hello.nodeID, generation: hello.generation, link: link)
    directives.append(.log(.notice("serving base station \(detail.id) (\(hello.nodeID))")))
    if detail.digest != configuration.modelDigest {
      directives.append(
        .log(
          .error(
            "base station \(detail.id) serves model \(detail.digest.short) (\(detail.modelName)), this expert holds "
              + "\(configuration.modelDigest.short): it will not be used")))
    }
    if configuration.clock == .wall {
      directives.append(report(to: peer, now: now))
    }
    return directives
  }

  package mutating func onDisconnected(_ peer: PeerID, reason: String) -> [Directive] {
    guard let gone = baseStations.removeValue(forKey: peer) else { return [] }
    return [.log(.notice("base station \(gone.node) has gone: \(reason)"))]
  }

  // MARK: Work

  /// Latents to carry and to answer.
  package mutating func onDispatch(
    _ dispatch: Dispatch, requestID: UInt64, from peer: PeerID, now: UInt64
  ) -> [Directive] {
    func refuse(_ code: ErrorCode, _ message: String) -> [Directive] {
      [.send(peer, .error(ProtocolError(code, message)), requestID: requestID)]
    }
    guard let baseStation = baseStations[peer] else {
      return refuse(.badRequest, "dispatch: only a base station may dispatch")
    }
    if isDraining { return refuse(.shuttingDown, "the expert is shutting down") }
    guard dispatch.modelDigest == configuration.modelDigest else {
      return refuse(
        .wrongModel,
        "dispatch: for model \(dispatch.modelDigest.short), this expert holds \(configuration.modelDigest.short)")
    }
    let count = dispatch.items.count
    guard dispatch.latentCount == configuration.latentCount else {
      return refuse(
        .badRequest,
        "dispatch: latents of \(dispatch.latentCount) values, this expert takes \(configuration.latentCount)")
    }
    guard dispatch.link != .digital || configuration.hasDigitalLink else {
      return refuse(.unsupported, "dispatch: this expert's model has no Huffman table for digital links")
    }
    guard latentsInHand + count <= configuration.maximumLatentsInHand else {
      return refuse(.busy, "\(latentsInHand) latents are in hand already")
    }
    let coded: [CodedLatent]
    do {
      coded = try dispatch.codedLatents()
    } catch {
      return refuse(.badRequest, "\(error)")
    }
    latentsInHand += count
    if configuration.clock == .wall { currentBlock = block(at: now) }
    let blocks = dispatch.items.map { configuration.clock == .wall ? currentBlock : $0.block }
    return [
      .compute(
        Work(
          peer: peer, requestID: requestID, dispatch: dispatch, link: baseStation.link, blocks: blocks, coded: coded))
    ]
  }

  /// A compute worker has finished; the reply carries a report of the link's newest state.
  package mutating func onComputed(_ answer: Answer, now: UInt64) -> [Directive] {
    latentsInHand -= answer.work.blocks.count
    var directives: [Directive] = []
    if baseStations[answer.work.peer] != nil {
      let reply = answer.reply(
        modelDigest: configuration.modelDigest, queueDepth: UInt16(clamping: latentsInHand),
        reports: configuration.clock == .wall ? [currentReport(to: answer.work.peer, now: now)] : [])
      directives.append(.send(answer.work.peer, .reply(reply), requestID: answer.work.requestID))
    }
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

  private func block(at now: UInt64) -> UInt64 { (now - startedAt) / configuration.coherence }

  private func report(to peer: PeerID, now: UInt64, requestID: UInt64 = 0) -> Directive {
    .send(peer, .channelReport(currentReport(to: peer, now: now)), requestID: requestID)
  }

  private func currentReport(to peer: PeerID, now: UInt64) -> ChannelReport {
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

  private func endIfDrained(_ directives: inout [Directive]) {
    if isDraining && latentsInHand == 0 { directives.append(.drained) }
  }
}
