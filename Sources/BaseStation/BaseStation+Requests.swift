import Datasets
import DequeModule
import Digests
import MixtureOfExperts
import Radio
package import Transport
package import WireProtocol

/// Requests from their arrival to their result.
extension BaseStation {
  /// A client asks for the classes of images.
  package mutating func onInfer(
    _ infer: Infer, from client: PeerID, requestID: UInt64, deadlineMicroseconds: UInt32, now: UInt64
  ) -> [Directive] {
    func refuse(_ code: ErrorCode, _ message: String, retryAfter: UInt32 = 0) -> [Directive] {
      let error = ProtocolError(code, message, retryAfterMicroseconds: retryAfter)
      return [.send(client, .error(error), requestID: requestID)]
    }
    let count = infer.count
    guard count > 0 else { return refuse(.badRequest, "infer: no image") }
    guard infer.shape == inputShape else {
      return refuse(.badRequest, "infer: images of \(infer.shape), the model takes \(inputShape)")
    }
    guard infer.pixels.count == count * inputShape.count else {
      return refuse(
        .badRequest,
        "infer: \(count) images of \(inputShape) need \(count * inputShape.count) bytes, not \(infer.pixels.count)")
    }
    if let wanted = infer.modelDigest, wanted != digest {
      return refuse(.wrongModel, "infer: for model \(wanted.short), this base station serves \(digest.short)")
    }
    if isDraining { return refuse(.shuttingDown, "the base station is shutting down") }
    guard hasUsableExpert else {
      return refuse(.noExpert, "no expert is up", retryAfter: configuration.retryAfterMicroseconds)
    }
    guard imagesWaiting + count <= configuration.maximumWaitingImages else {
      return refuse(
        .busy, "\(imagesWaiting) images are waiting already", retryAfter: configuration.retryAfterMicroseconds)
    }

    let timeout = deadlineMicroseconds == 0 ? configuration.requestTimeout : UInt64(deadlineMicroseconds) * 1000
    let key = nextRequest
    nextRequest += 1
    requests[key] = PendingRequest(
      client: client, requestID: requestID, pixels: infer.pixels, wantsProbabilities: infer.wantsProbabilities,
      deadline: now + min(timeout, configuration.requestTimeout),
      linkStateDeadline: now + configuration.replyTimeout,
      samples: (0..<count).map { image in
        let block = infer.block(ofImage: image) ?? countBlock()
        return Sample(block: block, tag: clock == .wall ? countTag() : block)
      },
      unfinished: count)
    imagesWaiting += count
    counters.requests += 1
    counters.images += UInt64(count)

    var directives: [Directive] = []
    if requestMissingLinkStates(for: key, now: now, &directives) {
      enqueue(key)
      startBatches(&directives)
    } else {
      waitingForLinkStates.append(key)
    }
    return directives
  }

  /// The client has lost interest in a request.
  package mutating func onCancel(requestID: UInt64, from client: PeerID) -> [Directive] {
    var directives: [Directive] = []
    for (key, request) in requests where request.client == client && request.requestID == requestID {
      forget(key)
    }
    endIfDrained(&directives)
    return directives
  }

  /// A client's connection has ended.
  package mutating func onClientDisconnected(_ client: PeerID) -> [Directive] {
    var directives: [Directive] = []
    for (key, request) in requests where request.client == client { forget(key) }
    endIfDrained(&directives)
    return directives
  }

  private mutating func countBlock() -> UInt64 {
    defer { nextBlock += 1 }
    return nextBlock
  }

  private mutating func countTag() -> UInt64 {
    defer { nextTag += 1 }
    return nextTag
  }

  // MARK: Link states

  /// Asks every usable expert for the states that the request's blocks need and those that follow.
  ///
  /// - Returns: true if all states that the request needs are known.
  mutating func requestMissingLinkStates(
    for key: UInt64, now: UInt64, _ directives: inout [Directive]
  ) -> Bool {
    guard clock == .request, needsLinkStates, let request = requests[key] else { return true }
    var windows: [UInt64] = []
    for sample in request.samples {
      let window = LinkStates.window(of: sample.block)
      if windows.last != window && !windows.contains(window) { windows.append(window) }
    }
    var complete = true
    for peer in usablePeers {
      for window in windows {
        complete = known(window: window, of: peer, &directives) && complete
        // One window ahead, so that a client that counts on never waits.
        _ = known(window: window &+ 1, of: peer, &directives)
      }
    }
    return complete
  }

  private mutating func known(window: UInt64, of peer: PeerID, _ directives: inout [Directive]) -> Bool {
    guard window <= UInt64.max / LinkStates.blocksPerWindow - 1 else { return true }
    if processes[peer]?.linkStates.shouldRequest(window: window) == true {
      let subscription = ChannelSubscription(
        firstBlock: window * LinkStates.blocksPerWindow, count: UInt32(LinkStates.blocksPerWindow))
      directives.append(.send(peer, .subscribe(subscription), requestID: countQuestion()))
    }
    return processes[peer]?.linkStates.knows(window: window) ?? true
  }

  /// Moves on every request whose link states are complete by now.
  mutating func releaseWaitingRequests(now: UInt64, _ directives: inout [Directive]) {
    guard !waitingForLinkStates.isEmpty else { return }
    var stillWaiting: [UInt64] = []
    for key in waitingForLinkStates where requests[key] != nil {
      if requestMissingLinkStates(for: key, now: now, &directives) {
        enqueue(key)
      } else {
        stillWaiting.append(key)
      }
    }
    waitingForLinkStates = stillWaiting
    startBatches(&directives)
  }

  /// Gives up on experts that have not told their link states in time, and moves on the requests that wait for them.
  mutating func releaseRequestsTiredOfWaiting(now: UInt64, _ directives: inout [Directive]) {
    let tired = waitingForLinkStates.compactMap { requests[$0] }.filter { $0.linkStateDeadline <= now }
    guard !tired.isEmpty else { return }
    let windows = Set(tired.flatMap(\.samples).map { LinkStates.window(of: $0.block) })
    for peer in usablePeers where windows.contains(where: { processes[peer]?.linkStates.knows(window: $0) == false }) {
      let reason = "it did not report its link state within \(configuration.replyTimeout / 1_000_000) ms"
      directives.append(.disconnect(peer, reason: reason))
      directives += onExpertDisconnected(peer, reason: reason, now: now)
    }
    releaseWaitingRequests(now: now, &directives)
  }

  // MARK: Batches

  private mutating func enqueue(_ key: UInt64) {
    guard let count = requests[key]?.samples.count else { return }
    for start in stride(from: 0, to: count, by: configuration.maximumBatch) {
      let images = start..<min(count, start + configuration.maximumBatch)
      waitingForCompute.append(RequestSlice(request: key, images: images))
    }
  }

  /// Gives free compute workers what waits: requests that wait together share one batch.
  mutating func startBatches(_ directives: inout [Directive]) {
    while batchesUnderWay < configuration.maximumConcurrentBatches, let batch = nextBatch() {
      batchesUnderWay += 1
      counters.batches += 1
      directives.append(.compute(batch))
    }
  }

  private mutating func nextBatch() -> Batch? {
    var batch = Batch(expertCount: model.expertCount)
    while let slice = waitingForCompute.first,
      batch.count == 0 || batch.count + slice.images.count <= configuration.maximumBatch
    {
      waitingForCompute.removeFirst()
      guard let request = requests[slice.request] else { continue }
      batch.append(slice: slice, of: request)
      for image in slice.images { batch.append(linkStates: linkStates(block: request.samples[image].block)) }
    }
    return batch.count == 0 ? nil : batch
  }

  /// Whether the batch's images are all that the base station has in hand.
  func hasNothingElseInHand(than batch: Batch) -> Bool {
    imagesWaiting == batch.count && dispatches.isEmpty
  }

  // MARK: Ends

  /// Settles one image; the request's result leaves with its last image.
  mutating func settle(_ index: SampleIndex, _ outcome: Sample.Outcome, _ directives: inout [Directive]) {
    guard requests[index.request]?.samples[index.image].outcome == nil else { return }
    if case .failed = outcome { counters.failedImages += 1 }
    requests[index.request]?.samples[index.image].outcome = outcome
    requests[index.request]?.unfinished -= 1
    guard requests[index.request]?.unfinished == 0, let request = requests.removeValue(forKey: index.request)
    else { return }
    directives.append(.send(request.client, .result(result(of: request)), requestID: request.requestID))
    endIfDrained(&directives)
  }

  mutating func endOverdueRequests(now: UInt64, _ directives: inout [Directive]) {
    for (key, request) in requests where request.deadline <= now {
      forget(key)
      let error = ProtocolError(.deadlineExceeded, "the request was not finished in time")
      directives.append(.send(request.client, .error(error), requestID: request.requestID))
    }
    endIfDrained(&directives)
  }

  /// Drops a request; what is under way for it is ignored when it comes back.
  private mutating func forget(_ key: UInt64) {
    guard let request = requests.removeValue(forKey: key) else { return }
    imagesWaiting -= request.samples.count { $0.routing == nil }
  }
}
