import DequeModule
import Digests
import Logging
import Radio
package import Transport
package import WireProtocol

/// Dispatches from their arrival to their replies.
extension ExpertNode {
  /// Latents to carry and to answer, within `deadlineMicroseconds` where that is not 0.
  package mutating func onDispatch(
    _ dispatch: Dispatch, requestID: UInt64, from peer: PeerID, deadlineMicroseconds: UInt32, now: UInt64
  ) -> [Directive] {
    func refuse(_ code: ErrorCode, _ message: String, retryAfter: UInt32 = 0) -> [Directive] {
      let error = ProtocolError(code, message, retryAfterMicroseconds: retryAfter)
      var directives: [Directive] = [.send(peer, .error(error), requestID: requestID)]
      log("refused: \(message)", dispatch: requestID, from: peer, latents: dispatch.items.count, &directives)
      return directives
    }
    guard let baseStation = baseStations[peer] else {
      return refuse(.badRequest, "dispatch: only a base station may dispatch")
    }
    if isDraining { return refuse(.shuttingDown, "the expert is shutting down") }
    guard let model = model(dispatch.modelDigest) else {
      return refuse(
        .wrongModel, "dispatch: for model \(dispatch.modelDigest.short), this expert holds \(heldModels)")
    }
    let count = dispatch.items.count
    guard dispatch.latentCount == model.latentCount else {
      return refuse(
        .badRequest, "dispatch: latents of \(dispatch.latentCount) values, this expert takes \(model.latentCount)")
    }
    guard dispatch.link != .digital || model.hasDigitalLink else {
      return refuse(.unsupported, "dispatch: this expert's model has no Huffman table for digital links")
    }
    guard latentsInHand + count <= configuration.maximumLatentsInHand else {
      return refuse(.busy, "\(latentsInHand) latents are in hand already", retryAfter: Self.retryAfterMicroseconds)
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
    waiting.append(
      Work(
        peer: peer, requestID: requestID, dispatch: dispatch, link: baseStation.link, blocks: blocks, coded: coded,
        deadline: deadlineMicroseconds == 0 ? .max : now + UInt64(deadlineMicroseconds) * 1000))
    var directives: [Directive] = []
    startJobs(now: now, &directives)
    return directives
  }

  /// What a base station is told to wait when this expert is busy.
  private static let retryAfterMicroseconds: UInt32 = 10_000

  /// A base station has lost interest in a dispatch; one that is being computed is answered anyhow.
  package mutating func onCancel(requestID: UInt64, from peer: PeerID) -> [Directive] {
    let before = latentsInHand
    guard drop({ $0.peer == peer && $0.requestID == requestID }) > 0 else { return [] }
    var directives: [Directive] = [
      .send(peer, .error(ProtocolError(.cancelled, "cancelled")), requestID: requestID)
    ]
    log("cancelled", dispatch: requestID, from: peer, latents: before - latentsInHand, &directives)
    endIfDrained(&directives)
    return directives
  }

  /// Takes work that waits out of the queue.
  ///
  /// - Returns: how many dispatches that were.
  @discardableResult
  mutating func drop(_ isUnwanted: (Work) -> Bool) -> Int {
    let before = waiting.count
    waiting.removeAll { work in
      guard isUnwanted(work) else { return false }
      latentsInHand -= work.count
      return true
    }
    return before - waiting.count
  }

  /// Gives free compute workers what waits: dispatches that wait together share one run of the network.
  private mutating func startJobs(now: UInt64, _ directives: inout [Directive]) {
    while jobsUnderWay < configuration.maximumConcurrentJobs, let job = nextJob(now: now, &directives) {
      jobsUnderWay += 1
      directives.append(.compute(job))
    }
  }

  private mutating func nextJob(now: UInt64, _ directives: inout [Directive]) -> Job? {
    var job: Job?
    var count = 0
    while let work = waiting.first {
      guard work.deadline > now else {
        waiting.removeFirst()
        latentsInHand -= work.count
        let error = ProtocolError(.deadlineExceeded, "dispatch: its time was up before the expert came to it")
        directives.append(.send(work.peer, .error(error), requestID: work.requestID))
        log("expired", dispatch: work.requestID, from: work.peer, latents: work.count, &directives)
        continue
      }
      if let job, count + work.count > configuration.maximumBatch || work.dispatch.modelDigest != job.modelDigest {
        break
      }
      waiting.removeFirst()
      count += work.count
      if job == nil { job = Job(works: [work]) } else { job?.works.append(work) }
    }
    return job
  }

  /// A compute worker has finished; under the `wall` clock the replies carry a report of the link's newest state.
  package mutating func onComputed(_ answer: Answer, now: UInt64) -> [Directive] {
    latentsInHand -= answer.job.count
    jobsUnderWay -= 1
    var directives: [Directive] = []
    var first = 0
    for work in answer.job.works {
      defer { first += work.count }
      guard baseStations[work.peer] != nil else { continue }
      let reports = configuration.clock == .wall ? [currentReport(to: work.peer, now: now)] : []
      let reply = answer.reply(to: work, first: first, queueDepth: queueDepth, reports: reports)
      directives.append(.send(work.peer, .reply(reply), requestID: work.requestID))
      log("answered", dispatch: work.requestID, from: work.peer, latents: work.count, &directives)
    }
    startJobs(now: now, &directives)
    retireModels(now: now, &directives)
    endIfDrained(&directives)
    return directives
  }

  /// There is nothing to compute a job with: its model has gone.
  package mutating func onModelMissing(for job: Job, now: UInt64) -> [Directive] {
    latentsInHand -= job.count
    jobsUnderWay -= 1
    var directives: [Directive] = []
    for work in job.works {
      let error = ProtocolError(
        .wrongModel, "dispatch: for model \(job.modelDigest.short), this expert holds \(heldModels)")
      directives.append(.send(work.peer, .error(error), requestID: work.requestID))
    }
    startJobs(now: now, &directives)
    endIfDrained(&directives)
    return directives
  }

  /// What became of a dispatch, at level `debug`; its number is the one that the base station's log has, too.
  private func log(
    _ what: String, dispatch: UInt64, from peer: PeerID, latents: Int, _ directives: inout [Directive]
  ) {
    guard configuration.logsDispatches else { return }
    directives.append(
      .log(
        .debug(
          "dispatch \(what)",
          [
            "dispatch": "\(dispatch)", "latents": "\(latents)",
            "base_station": "\(baseStations[peer]?.node ?? "\(peer.number)")",
          ])))
  }
}
