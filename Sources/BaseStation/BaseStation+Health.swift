import DequeModule
import Radio
package import Transport
import WireProtocol

/// Which expert processes are trusted with work.
extension BaseStation {
  /// An expert has failed at work.
  mutating func failed(_ peer: PeerID, _ reason: String, now: UInt64, _ directives: inout [Directive]) {
    guard processes[peer]?.breaker.failed(now: now) == true else { return }
    becameSuspect(peer, reason, &directives)
  }

  private mutating func becameSuspect(_ peer: PeerID, _ reason: String, _ directives: inout [Directive]) {
    processes[peer]?.suspicion = reason
    refreshUsable()
    guard let process = processes[peer] else { return }
    directives.append(.log(.warning("expert \(process.expert) (\(process.node)) is suspect: \(reason)")))
    if let time = process.breaker.probeTime { wakeUp(at: time, &directives) }
  }

  private mutating func becameUp(_ peer: PeerID, now: UInt64, _ directives: inout [Directive]) {
    processes[peer]?.breaker.close()
    processes[peer]?.suspicion = ""
    refreshUsable()
    guard let process = processes[peer] else { return }
    directives.append(.log(.notice("expert \(process.expert) (\(process.node)) is up again")))
    requestUpcomingLinkStates(of: peer, now: now, &directives)
    releaseWaitingRequests(now: now, &directives)
  }

  // MARK: Replies that are overdue

  /// How long a reply may take before its expert is taken to be stuck, in nanoseconds.
  func replyTimeout(of process: ExpertProcess) -> UInt64 {
    let longest = configuration.replyTimeout
    return process.replyTime.timeout(within: min(configuration.minimumReplyTimeout, longest)...longest)
  }

  /// Suspects experts that owe a reply; what they have goes to others.
  mutating func suspectOverdueExperts(now: UInt64, _ directives: inout [Directive]) {
    for peer in processes.keys.sorted() {
      guard let process = processes[peer] else { continue }
      let timeout = replyTimeout(of: process)
      var givesUp = false
      for id in process.dispatches {
        guard let dispatched = dispatches[id], !dispatched.isGivenUp else { continue }
        let due = max(dispatched.sentAt, excusedUntil) + timeout
        guard due <= now else {
          wakeUp(at: due, &directives)
          break
        }
        if processes[peer]?.breaker.open(now: now) == true {
          becameSuspect(peer, "no reply within \(timeout / 1_000_000) ms", &directives)
        }
        giveUp(id, now: now, &directives)
        givesUp = true
      }
      if givesUp, process.dispatches.count > Self.toleratedDebt {
        directives.append(.disconnect(peer, reason: "it owes \(process.dispatches.count) replies"))
      }
    }
  }

  /// An expert that lives but owes more replies than this, some of them overdue, loses its connection.
  private static let toleratedDebt = 256

  /// Gives up waiting for a dispatch, whose reply may come later and tell of the expert.
  private mutating func giveUp(_ id: UInt64, now: UInt64, _ directives: inout [Directive]) {
    guard let dispatched = dispatches[id] else { return }
    dispatches[id]?.isGivenUp = true
    // Where nobody waits for it any more, the expert has been told.
    if dispatched.wanted > 0 { directives.append(.send(dispatched.peer, .cancel, requestID: id)) }
    retry(dispatched.samples, expert: dispatched.expert, now: now, &directives)
  }

  /// An expert tells, by the way, how many latents wait at it.
  package mutating func onPong(queueDepth: Int, from peer: PeerID) {
    guard let process = processes[peer] else { return }
    processes[peer]?.loadOfOthers = max(0, queueDepth - process.inFlight)
  }

  // MARK: Probes

  /// Remembers a latent of the served model to probe with.
  mutating func keepProbe(of indices: [SampleIndex], model: Int) {
    guard model == self.model.number, let index = indices.last,
      let sample = sample(index),
      let latent = sample.latent
    else { return }
    probe = Probe(
      latent: latent, model: model, item: Dispatch.Item(block: sample.block, tag: sample.tag, attempt: .max))
  }

  /// Sends a latent to every suspect expert whose pause is over.
  mutating func probeDueExperts(now: UInt64, _ directives: inout [Directive]) {
    for peer in processes.keys.sorted() {
      guard let process = processes[peer], process.state == .serving else { continue }
      guard process.breaker.isDue(now: now) else {
        if let time = process.breaker.probeTime { wakeUp(at: time, &directives) }
        continue
      }
      guard let probe, let model = models[probe.model], process.digests.contains(model.digest) else {
        // Nothing to ask it, so nothing to hold against it.
        becameUp(peer, now: now, &directives)
        continue
      }
      processes[peer]?.breaker.beginProbe()
      processes[peer]?.inFlight += 1
      let dispatch = OutgoingDispatch(
        id: countQuestion(), model: model,
        latents: [DispatchedLatent(latent: probe.latent, item: probe.item, onFailure: .erasure)],
        deadlineMicroseconds: UInt32(clamping: configuration.replyTimeout / 1000))
      note(
        OutstandingDispatch(
          peer: peer, expert: process.expert, model: probe.model, samples: [], sentAt: now, wanted: 1),
        id: dispatch.id, &directives)
      directives.append(.dispatch(peer, dispatch))
    }
  }

  /// Looks at a reply that no image waits for: a probe's, or one that came too late.
  mutating func judge(
    _ reply: Reply, to dispatched: OutstandingDispatch, took: UInt64, now: UInt64, _ directives: inout [Directive]
  ) {
    let peer = dispatched.peer
    guard processes[peer]?.breaker.isClosed == false else { return }
    let isSound = reply.outputs.withUnsafeBufferPointer { outputs in outputs.allSatisfy(\.isFinite) }
    guard isSound, reply.items.allSatisfy({ $0.status != .failed }), took <= configuration.replyTimeout else {
      // Where it was given up, the breaker is open for that already.
      if dispatched.isProbe { processes[peer]?.breaker.open(now: now) }
      return
    }
    guard processes[peer]?.breaker.mayClose(now: now) == true else { return }
    becameUp(peer, now: now, &directives)
  }

  // MARK: Reports that lie

  /// How long an expert whose reports lie is left alone at least, in nanoseconds.
  private static let pauseForLies: UInt64 = 5_000_000_000

  /// Suspects an expert whose digital link loses what its reports say it should deliver.
  mutating func checkReports(of peer: PeerID, now: UInt64, _ directives: inout [Directive]) {
    guard processes[peer]?.reports.isBroken == true else { return }
    processes[peer]?.reports.pardon()
    if processes[peer]?.breaker.open(now: now, atLeast: Self.pauseForLies) == true {
      becameSuspect(peer, "its link loses what its channel reports say it would deliver", &directives)
    }
  }
}
