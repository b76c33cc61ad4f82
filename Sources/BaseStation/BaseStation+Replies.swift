import Digests
import MixtureOfExperts
import Radio
package import Transport
package import WireProtocol

/// What experts answer.
extension BaseStation {
  /// An expert's answer to a dispatch. Answers to dispatches that were given up tell of the expert alone.
  package mutating func onReply(_ reply: Reply, id: UInt64, from peer: PeerID, now: UInt64) -> [Directive] {
    var directives: [Directive] = []
    guard let dispatched = dispatches[id], dispatched.peer == peer else { return directives }
    let count = dispatched.latentCount
    guard let model = models[dispatched.model] else {
      endWithoutModel(id, dispatched, now: now, &directives)
      return directives
    }
    guard reply.items.count == count, reply.outputCount == model.description.outputCount,
      reply.modelDigest == model.digest
    else {
      directives.append(
        .log(
          .error(
            "expert \(dispatched.expert): a reply with \(reply.items.count) outputs of \(reply.outputCount) values of "
              + "model \(reply.modelDigest.short) to \(count) latents of model \(model.digest.short)")))
      if dispatched.isProbe { processes[peer]?.breaker.open(now: now) }
      failed(peer, "it answers something else than it was asked", now: now, &directives)
      redispatch(id, now: now, &directives)
      return directives
    }
    end(id)
    let took = now - dispatched.sentAt
    processes[peer]?.note(reply, took: took)
    processes[peer]?.answered += UInt64(count)
    processes[peer]?.lastSNRDB = reply.items.last?.snrDB
    times.expert.record(took)
    for report in reply.reports where report.clock == .wall { processes[peer]?.currentSNRDB = report.snrDB.last }
    if dispatched.isProbe || dispatched.isGivenUp {
      judge(reply, to: dispatched, took: took, now: now, &directives)
      return directives
    }

    var failedSamples: [SampleIndex] = []
    var takenSamples: [SampleIndex] = []
    for (position, index) in dispatched.samples.enumerated() {
      if take(reply, position, from: peer, dispatch: id, for: index, by: model) {
        takenSamples.append(index)
      } else {
        failedSamples.append(index)
      }
    }
    if failedSamples.isEmpty {
      processes[peer]?.breaker.succeeded()
    } else {
      let what = "\(failedSamples.count) of \(count) latents came back without an output"
      directives.append(.log(.warning("expert \(dispatched.expert): \(what)")))
      failed(peer, what, now: now, &directives)
      retry(failedSamples, expert: dispatched.expert, now: now, &directives)
    }
    checkReports(of: peer, now: now, &directives)
    goOn(with: takenSamples, now: now, &directives)
    return directives
  }

  /// Keeps what one item of a reply says.
  ///
  /// - Returns: false if the expert has failed at it.
  private mutating func take(
    _ reply: Reply, _ position: Int, from peer: PeerID, dispatch: UInt64, for index: SampleIndex, by model: ServedModel
  ) -> Bool {
    let item = reply.items[position]
    counters.transmissions += UInt64(item.use.transmissions)
    counters.decodeFailures += UInt64(item.use.decodeFailures)
    guard let sample = sample(index), sample.outcome == nil,
      let place = sample.legs.firstIndex(where: { $0.dispatch == dispatch })
    else { return true }
    let leg = sample.legs[place]
    if let expectedLoss = leg.expectedLoss {
      processes[peer]?.reports.record(lost: item.use.decodeFailures > 0, expectedLoss: expectedLoss)
    }
    withSample(index) { $0.use += item.use }
    guard let delivery = item.status.delivery else {
      // A link may lose only what it was allowed to: otherwise the expert owes an answer.
      guard item.status == .lost, configuration.link == .digital, leg.onFailure == .redispatch else { return false }
      withSample(index) { sample in
        sample.lost.insert(expert: leg.expert)
        if sample.removeLeg(at: place) { sample.lostInRound += 1 }
      }
      return true
    }
    let scores = reply.outputs.withUnsafeBufferPointer { outputs in
      model.scores(
        of: UnsafeBufferPointer(
          rebasing: outputs[position * reply.outputCount..<(position + 1) * reply.outputCount]))
    }
    guard scores.allSatisfy(\.isFinite) else { return false }
    withSample(index) { sample in
      sample.legs[place].state = .answered(scores: scores, snrDB: item.snrDB, block: item.block, delivery: delivery)
    }
    return true
  }

  /// An expert refuses a dispatch as a whole.
  package mutating func onDispatchError(
    _ error: ProtocolError, id: UInt64, from peer: PeerID, now: UInt64
  ) -> [Directive] {
    var directives: [Directive] = []
    guard let dispatched = dispatches[id], dispatched.peer == peer else {
      if onReloadError(error, id: id, from: peer, now: now, &directives) { return directives }
      // Of a subscription, say; what others than experts report is no concern of an operator's.
      return [
        .log(
          processes[peer].map { .warning("\($0.name) reports: \(error)") }
            ?? .debug("connection \(peer.number) reports: \(error)"))
      ]
    }
    guard models[dispatched.model] != nil else {
      endWithoutModel(id, dispatched, now: now, &directives)
      return directives
    }
    if dispatched.isProbe { processes[peer]?.breaker.open(now: now) }
    switch error.code {
    case .cancelled, .busy, .shuttingDown, .deadlineExceeded:
      // Nothing is wrong with it.
      redispatch(id, now: now, &directives)
    default:
      directives.append(.log(.warning("expert \(dispatched.expert) refuses a dispatch: \(error)")))
      failed(peer, "it refuses dispatches: \(error)", now: now, &directives)
      redispatch(id, now: now, &directives)
    }
    return directives
  }

  /// An expert has answered to latents of a model that has gone: no image waits for them, and the answer, which cannot be
  /// looked at without the model, says nothing of the expert.
  private mutating func endWithoutModel(
    _ id: UInt64, _ dispatched: OutstandingDispatch, now: UInt64, _ directives: inout [Directive]
  ) {
    end(id)
    guard dispatched.isProbe, !dispatched.isGivenUp else { return }
    processes[dispatched.peer]?.breaker.repeatProbe(now: now)
    probeDueExperts(now: now, &directives)
  }

  /// Forgets a dispatch: it was answered, or its connection has ended.
  @discardableResult
  mutating func end(_ id: UInt64) -> OutstandingDispatch? {
    guard let dispatched = dispatches.removeValue(forKey: id) else { return nil }
    processes[dispatched.peer]?.inFlight -= dispatched.latentCount
    if let place = processes[dispatched.peer]?.dispatches.firstIndex(of: id) {
      processes[dispatched.peer]?.dispatches.remove(at: place)
    }
    return dispatched
  }

  // MARK: Sending again

  /// Ends a dispatch that has failed: its latents go to the next-best experts.
  mutating func redispatch(_ id: UInt64, now: UInt64, _ directives: inout [Directive]) {
    guard let dispatched = end(id), !dispatched.isGivenUp else { return }
    retry(dispatched.samples, expert: dispatched.expert, now: now, &directives)
  }

  /// Sends samples that `expert` has failed at and that are still wanted to others, as far as the retry budget allows; beyond
  /// it those fail that no other expert has.
  mutating func retry(_ indices: [SampleIndex], expert: Int, now: UInt64, _ directives: inout [Directive]) {
    var alone: [SampleIndex] = []
    // A hedge, or who has been hedged, takes the place of what has failed, or nobody is left to ask.
    var others: [SampleIndex] = []
    for index in indices where isWanted(index, now: now) {
      withSample(index) { sample in
        if let place = sample.legs.firstIndex(where: { $0.expert == expert }) { _ = sample.removeLeg(at: place) }
      }
      guard let sample = sample(index) else { continue }
      if openPlaces(of: sample) > 0, hasExpertToAsk(sample, index) { alone.append(index) } else { others.append(index) }
    }
    goOn(with: others, now: now, &directives)
    logRetry(alone, expert: expert, &directives)
    let allowed = retryBudget.withdraw(alone.count)
    counters.retries += UInt64(allowed)
    counters.retriesRefused += UInt64(alone.count - allowed)
    dispatch(Array(alone.prefix(allowed)), now: now, &directives)
    for index in alone.dropFirst(allowed) {
      // What others of its experts have answered or still will is enough.
      if sample(index)?.legs.isEmpty == false {
        settleIfAnswered(index, now: now, &directives)
        continue
      }
      let error = ProtocolError(
        .busy, "expert \(expert) has failed, and the retry budget is spent",
        retryAfterMicroseconds: configuration.retryAfterMicroseconds)
      settle(index, .failed(error), now: now, &directives)
    }
  }
}
