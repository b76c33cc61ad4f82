import Datasets
import DequeModule
import Digests
import MixtureOfExperts
import Radio
package import Transport
package import WireProtocol

/// Requests from their arrival to their end.
extension BaseStation {
  /// A client asks for the classes of images.
  package mutating func onInfer(
    _ infer: Infer, from client: PeerID, requestID: UInt64, deadlineMicroseconds: UInt32, now: UInt64
  ) -> [Directive] {
    let windows = windows(of: infer)
    if let error = reasonToRefuse(infer, windows: windows, deadlineMicroseconds: deadlineMicroseconds) {
      if error.code == .busy { counters.refusedRequests += 1 }
      var directives: [Directive] = [.send(client, .error(error), requestID: requestID)]
      logRefusal(of: requestID, from: client, error.message, &directives)
      return directives
    }
    let key = nextRequest
    nextRequest += 1
    let countsTags = clock == .wall
    requests[key] = PendingRequest(
      client: client, requestID: requestID, pixels: infer.pixels, wantsProbabilities: infer.wantsProbabilities,
      wantsExplanations: infer.wantsExplanations,
      model: model.number, arrivedAt: now, deadline: now + time(deadlineMicroseconds),
      windows: windows,
      samples: (0..<infer.count).map { image in
        let block = infer.block(ofImage: image) ?? countBlock()
        return Sample(block: block, tag: countsTags ? countTag() : block)
      },
      unfinished: infer.count)
    hold(windows: windows)
    imagesWaiting += infer.count
    counters.requests += 1
    counters.images += UInt64(infer.count)
    retryBudget.deposit(work: infer.count)
    hedgeBudget.deposit(work: infer.count)

    var directives: [Directive] = []
    if requestMissingLinkStates(for: key, now: now, &directives) {
      enqueue(key)
      startBatches(now: now, &directives)
    } else {
      waitingForLinkStates.append(key)
    }
    return directives
  }

  private func reasonToRefuse(
    _ infer: Infer, windows: [UInt64], deadlineMicroseconds: UInt32
  ) -> ProtocolError? {
    let count = infer.count
    let inputShape = model.inputShape
    guard count > 0 else { return ProtocolError(.badRequest, "infer: no image") }
    guard infer.shape == inputShape else {
      return ProtocolError(.badRequest, "infer: images of \(infer.shape), the model takes \(inputShape)")
    }
    guard infer.pixels.count == count * inputShape.count else {
      return ProtocolError(
        .badRequest,
        "infer: \(count) images of \(inputShape) need \(count * inputShape.count) bytes, not \(infer.pixels.count)")
    }
    guard windows.count <= LinkStates.maximumWindowsOfRequest else {
      return ProtocolError(
        .badRequest,
        "infer: blocks: expected at most \(LinkStates.maximumWindowsOfRequest) windows of "
          + "\(LinkStates.blocksPerWindow) blocks, received \(windows.count)")
    }
    if let wanted = infer.modelDigest, wanted != model.digest {
      return ProtocolError(
        .wrongModel, "infer: for model \(wanted.short), this base station serves \(model.digest.short)")
    }
    if isDraining { return ProtocolError(.shuttingDown, "the base station is shutting down") }
    guard canServe else {
      return ProtocolError(
        .noExpert, "no expert is up", retryAfterMicroseconds: configuration.retryAfterMicroseconds)
    }
    let needed = neededWindows.count + windows.count { neededWindows[$0] == nil }
    guard needed <= LinkStates.maximumNeededWindows else {
      return ProtocolError(
        .busy, "requests in hand need link states of \(neededWindows.count) windows of blocks already",
        retryAfterMicroseconds: configuration.retryAfterMicroseconds)
    }
    return reasonToBeBusy(count, deadlineMicroseconds: deadlineMicroseconds)
  }

  /// Why so many more images would wait for too long; nil if they would not.
  ///
  /// A request that nobody is before is never refused, however long it takes itself.
  private func reasonToBeBusy(_ count: Int, deadlineMicroseconds: UInt32) -> ProtocolError? {
    guard imagesWaiting > 0 else { return nil }
    let wait = pace.time(for: imagesWaiting)
    let longest = min(configuration.maximumQueueTime, time(deadlineMicroseconds))
    let overdue = wait > longest ? wait - longest : 0
    guard overdue > 0 || imagesWaiting + count > configuration.maximumWaitingImages else { return nil }
    return ProtocolError(
      .busy, "\(imagesWaiting) images are waiting already, for \(wait / 1_000_000) ms",
      retryAfterMicroseconds: max(configuration.retryAfterMicroseconds, UInt32(clamping: overdue / 1000)))
  }

  /// The time that a request has, in nanoseconds.
  private func time(_ deadlineMicroseconds: UInt32) -> UInt64 {
    guard deadlineMicroseconds > 0 else { return configuration.requestTimeout }
    return min(UInt64(deadlineMicroseconds) * 1000, configuration.longestRequestTimeout)
  }

  private mutating func countBlock() -> UInt64 {
    defer { nextBlock += 1 }
    return nextBlock
  }

  private mutating func countTag() -> UInt64 {
    defer { nextTag += 1 }
    return nextTag
  }

  /// One image of a request in hand.
  ///
  /// Whoever holds the whole request while a sample changes makes the change copy all of them, so they are looked up alone.
  func sample(_ index: SampleIndex) -> Sample? { requests[index.request]?.samples[index.image] }

  /// Changes one image of a request in hand, in place.
  mutating func withSample(_ index: SampleIndex, _ change: (inout Sample) -> Void) {
    guard let place = requests.index(forKey: index.request) else { return }
    change(&requests.values[place].samples[index.image])
  }

  /// Whether an image still has to be worked on. One whose time is up does not, though it is in hand until the next tick
  /// tells its client.
  func isWanted(_ index: SampleIndex, now: UInt64) -> Bool {
    guard let request = requests[index.request] else { return false }
    return request.deadline > now && request.samples[index.image].outcome == nil
  }

  // MARK: Ends

  /// The client has lost interest in a request.
  package mutating func onCancel(requestID: UInt64, from client: PeerID, now: UInt64) -> [Directive] {
    var directives: [Directive] = []
    for (key, request) in requests where request.client == client && request.requestID == requestID {
      forget(key, now: now, &directives)
    }
    endIfDrained(&directives)
    return directives
  }

  /// A client's connection has ended.
  package mutating func onClientDisconnected(_ client: PeerID, now: UInt64) -> [Directive] {
    var directives: [Directive] = []
    reload?.askedBy.removeAll { $0.peer == client }
    for (key, request) in requests where request.client == client { forget(key, now: now, &directives) }
    endIfDrained(&directives)
    return directives
  }

  /// Settles one image; the request's result leaves with its last image.
  mutating func settle(_ index: SampleIndex, _ outcome: Sample.Outcome, now: UInt64, _ directives: inout [Directive]) {
    guard sample(index)?.outcome == nil else { return }
    if case .failed = outcome { counters.failedImages += 1 }
    withSample(index) { sample in
      sample.outcome = outcome
      sample.settledAt = now
    }
    requests[index.request]?.unfinished -= 1
    guard requests[index.request]?.unfinished == 0, let request = remove(index.request) else { return }
    times.request.record(now - request.arrivedAt)
    logEnd("answered", of: request, now: now, &directives)
    directives.append(.send(request.client, .result(result(of: request)), requestID: request.requestID))
    retireModels(now: now, &directives)
    endIfDrained(&directives)
  }

  mutating func endOverdueRequests(now: UInt64, _ directives: inout [Directive]) {
    for (key, request) in requests where request.deadline <= now {
      logEnd("expired", of: request, now: now, &directives)
      forget(key, now: now, &directives)
      counters.expiredRequests += 1
      let error = ProtocolError(.deadlineExceeded, "the request was not finished in time")
      directives.append(.send(request.client, .error(error), requestID: request.requestID))
    }
    endIfDrained(&directives)
  }

  /// Drops a request; experts are told where nobody waits for anything of a dispatch any more, and what comes back anyhow is
  /// ignored.
  private mutating func forget(_ key: UInt64, now: UInt64, _ directives: inout [Directive]) {
    guard let request = remove(key) else { return }
    imagesWaiting -= request.samples.count { $0.routing == nil }
    for sample in request.samples where sample.outcome == nil {
      for leg in sample.legs where leg.isUnderWay { release(leg, &directives) }
    }
    retireModels(now: now, &directives)
  }

  /// Takes a request out of those in hand.
  private mutating func remove(_ key: UInt64) -> PendingRequest? {
    guard let request = requests.removeValue(forKey: key) else { return nil }
    release(windows: request.windows)
    return request
  }

  /// Nobody waits for a leg any more.
  mutating func release(_ leg: Leg, _ directives: inout [Directive]) {
    dispatches[leg.dispatch]?.wanted -= 1
    if let dispatched = dispatches[leg.dispatch], dispatched.wanted == 0, !dispatched.isGivenUp {
      directives.append(.send(dispatched.peer, .cancel, requestID: leg.dispatch))
    }
  }
}
