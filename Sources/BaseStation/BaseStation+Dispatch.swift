import Digests
import MixtureOfExperts
import Radio
package import Transport
package import WireProtocol

/// From the gate's ranking to the experts and back.
extension BaseStation {
  /// The state of each expert's link during `block`, nil for experts that are not up. `[K]`
  func linkStates(block: UInt64) -> [LinkState?] {
    (0..<model.expertCount).map { expert in
      guard let process = bestProcess(for: expert, block: block) else { return nil }
      if configuration.link == .ideal { return .ideal }
      return process.snrDB(block: block).map { .known(snrDB: $0) } ?? .unknown
    }
  }

  /// Of the usable processes that serve one expert index: the one with the best link, then the least work.
  private func bestProcess(for expert: Int, block: UInt64) -> ExpertProcess? {
    var best: (process: ExpertProcess, snrDB: Float)?
    for process in processes.values where process.expert == expert && process.state == .up {
      let snrDB = configuration.link == .ideal ? 0 : process.snrDB(block: block) ?? -.infinity
      if let current = best {
        let order = (current.snrDB, -current.process.load, process.peer)
        guard (snrDB, -process.load, current.process.peer) > order else { continue }
      }
      best = (process, snrDB)
    }
    return best?.process
  }

  /// Backbone and gate have run over a batch.
  package mutating func onRouted(_ routed: RoutedBatch, now: UInt64) -> [Directive] {
    var directives: [Directive] = []
    batchesUnderWay -= 1
    var row = 0
    var indices: [SampleIndex] = []
    for slice in routed.batch.slices {
      for image in slice.images {
        defer { row += 1 }
        guard requests[slice.request] != nil else { continue }
        imagesWaiting -= 1
        let index = SampleIndex(request: slice.request, image: image)
        requests[slice.request]?.samples[image].routing = RoutedImage(routing: routed.routing, row: row)
        do {
          requests[slice.request]?.samples[image].latent = try routed.latents.row(row)
          indices.append(index)
        } catch {
          settle(index, .failed(ProtocolError(.internalError, "\(error)")), &directives)
        }
      }
    }
    dispatch(indices, now: now, &directives)
    startBatches(&directives)
    return directives
  }

  /// Sends every sample to the experts that it lacks in its present round, and settles those for which none is left.
  private mutating func dispatch(_ indices: [SampleIndex], now: UInt64, _ directives: inout [Directive]) {
    var frames: [PeerID: (expert: Int, samples: [SampleIndex], latents: [DispatchedLatent])] = [:]
    for index in indices {
      repeat {
        for (process, latent) in nextTransmissions(of: index) {
          frames[process.peer, default: (process.expert, [], [])].samples.append(index)
          frames[process.peer]?.latents.append(latent)
          processes[process.peer]?.inFlight += 1
        }
      } while beginsNextRound(index)
      settleIfAnswered(index, &directives)
    }
    for peer in frames.keys.sorted() {
      guard let frame = frames[peer] else { continue }
      let id = countQuestion()
      dispatches[id] = OutstandingDispatch(peer: peer, expert: frame.expert, samples: frame.samples, sentAt: now)
      directives.append(.dispatch(peer, id: id, frame.latents))
    }
  }

  /// The processes that a sample's latent goes to now, and how; noted in the sample as sent.
  private mutating func nextTransmissions(
    of index: SampleIndex
  ) -> [(process: ExpertProcess, latent: DispatchedLatent)] {
    guard let sample = requests[index.request]?.samples[index.image], let latent = sample.latent,
      let routed = sample.routing
    else { return [] }
    let up = upExperts
    var round = configuration.lossRule.round(
      sample.round, of: routed.row, wanting: configuration.topK - sample.legs.count - sample.lostInRound,
      among: up.subtracting(sample.tried), by: routed.routing)
    var attempt: UInt32 = 0
    if round.experts.isEmpty, sample.legs.isEmpty, sample.lostInRound == 0 {
      // Nobody is left that has not had it: the best of those whose link lost it answers from the training mean.
      round = LossRule(policy: .erasure).round(
        sample.round, of: routed.row, wanting: 1, among: up.intersection(sample.lost), by: routed.routing)
      attempt = 1
    }
    return round.experts.compactMap { expert in
      guard let process = bestProcess(for: expert, block: sample.block) else { return nil }
      requests[index.request]?.samples[index.image].tried.insert(expert: expert)
      requests[index.request]?.samples[index.image].lost.remove(expert: expert)
      requests[index.request]?.samples[index.image].legs.append(
        Leg(
          expert: expert, process: process.linkProcess, node: process.node, attempt: attempt,
          onFailure: round.onFailure, state: .underWay))
      return (
        process,
        DispatchedLatent(
          latent: latent, item: Dispatch.Item(block: sample.block, tag: sample.tag, attempt: attempt),
          onFailure: round.onFailure)
      )
    }
  }

  /// Ends a sample's round of transmissions once nothing of it is under way.
  ///
  /// - Returns: whether a further round begins, because links have lost some of it.
  private mutating func beginsNextRound(_ index: SampleIndex) -> Bool {
    guard let sample = requests[index.request]?.samples[index.image], sample.lostInRound > 0,
      !sample.legs.contains(where: \.isUnderWay)
    else { return false }
    requests[index.request]?.samples[index.image].round += 1
    requests[index.request]?.samples[index.image].lostInRound = 0
    return true
  }

  private var upExperts: ExpertSet {
    ExpertSet(processes.values.lazy.filter { $0.state == .up }.map(\.expert))
  }

  // MARK: Answers

  /// An expert's answer to a dispatch. Answers to dispatches that were given up are ignored.
  package mutating func onReply(_ reply: Reply, id: UInt64, from peer: PeerID, now: UInt64) -> [Directive] {
    var directives: [Directive] = []
    heard(from: peer, now: now, &directives)
    guard let dispatched = dispatches[id], dispatched.peer == peer else { return directives }
    let count = dispatched.samples.count
    guard reply.items.count == count, reply.outputCount == model.outputCount, reply.modelDigest == digest else {
      directives.append(
        .log(
          .error(
            "expert \(dispatched.expert): a reply with \(reply.items.count) outputs of \(reply.outputCount) values of "
              + "model \(reply.modelDigest.short) to \(count) latents of model \(digest.short)")))
      redispatch(id, now: now, &directives)
      return directives
    }
    dispatches[id] = nil
    processes[peer]?.inFlight -= count
    processes[peer]?.queueDepth = reply.queueDepth
    processes[peer]?.answered += UInt64(count)
    processes[peer]?.lastSNRDB = reply.items.last?.snrDB
    for report in reply.reports where report.clock == .wall { processes[peer]?.currentSNRDB = report.snrDB.last }

    var failed: [SampleIndex] = []
    var lost: [SampleIndex] = []
    for (position, index) in dispatched.samples.enumerated() {
      switch take(reply, position, from: dispatched.expert, for: index) {
      case false: failed.append(index)
      case true where beginsNextRound(index): lost.append(index)
      case true: settleIfAnswered(index, &directives)
      }
    }
    if !failed.isEmpty {
      directives.append(
        .log(.warning("expert \(dispatched.expert): \(failed.count) of \(count) latents came back without an output")))
      retry(failed, expert: dispatched.expert, now: now, &directives)
    }
    counters.redispatches += UInt64(lost.count)
    dispatch(lost, now: now, &directives)
    return directives
  }

  /// Keeps what one item of a reply says.
  ///
  /// - Returns: false if the expert has failed at it.
  private mutating func take(_ reply: Reply, _ position: Int, from expert: Int, for index: SampleIndex) -> Bool {
    let item = reply.items[position]
    counters.transmissions += UInt64(item.use.transmissions)
    counters.decodeFailures += UInt64(item.use.decodeFailures)
    guard let place = requests[index.request]?.samples[index.image].legs.firstIndex(where: { $0.expert == expert }),
      let leg = requests[index.request]?.samples[index.image].legs[place]
    else { return true }
    requests[index.request]?.samples[index.image].use += item.use
    guard let delivery = item.status.delivery else {
      // A link may lose only what it was allowed to: otherwise the expert owes an answer.
      guard item.status == .lost, configuration.link == .digital, leg.onFailure == .redispatch else { return false }
      requests[index.request]?.samples[index.image].legs.remove(at: place)
      requests[index.request]?.samples[index.image].lost.insert(expert: expert)
      requests[index.request]?.samples[index.image].lostInRound += 1
      return true
    }
    let output = reply.outputs.withUnsafeBufferPointer { outputs in
      Array(outputs[position * reply.outputCount..<(position + 1) * reply.outputCount])
    }
    guard output.allSatisfy(\.isFinite) else { return false }
    requests[index.request]?.samples[index.image].legs[place].state =
      .answered(output: output, snrDB: item.snrDB, block: item.block, delivery: delivery)
    return true
  }

  /// An expert refuses a dispatch as a whole.
  package mutating func onDispatchError(
    _ error: ProtocolError, id: UInt64, from peer: PeerID, now: UInt64
  ) -> [Directive] {
    var directives: [Directive] = []
    heard(from: peer, now: now, &directives)
    guard let dispatched = dispatches[id], dispatched.peer == peer else { return directives }
    directives.append(.log(.warning("expert \(dispatched.expert) refuses a dispatch: \(error)")))
    redispatch(id, now: now, &directives)
    return directives
  }

  /// Gives up on a dispatch: its latents go to the next-best experts.
  mutating func redispatch(_ id: UInt64, now: UInt64, _ directives: inout [Directive]) {
    guard let dispatched = dispatches.removeValue(forKey: id) else { return }
    processes[dispatched.peer]?.inFlight -= dispatched.samples.count
    retry(dispatched.samples, expert: dispatched.expert, now: now, &directives)
  }

  private mutating func retry(_ indices: [SampleIndex], expert: Int, now: UInt64, _ directives: inout [Directive]) {
    let alive = indices.filter { requests[$0.request] != nil }
    for index in alive {
      requests[index.request]?.samples[index.image].legs.removeAll { $0.expert == expert }
    }
    counters.redispatches += UInt64(alive.count)
    dispatch(alive, now: now, &directives)
  }
}
