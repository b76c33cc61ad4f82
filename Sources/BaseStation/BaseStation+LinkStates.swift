import MixtureOfExperts
import Radio
package import Transport
package import WireProtocol

/// What is known of the links, and the requests that wait for more.
extension BaseStation {
  /// Whether routing or results speak of link states at all.
  var needsLinkStates: Bool { configuration.link != .ideal }

  /// The state of each expert's link during `block`, nil for experts that are not up. `[K]`
  func linkStates(block: UInt64, model: Int) -> [LinkState?] {
    let experts = usable[model]?.byExpert ?? []
    return experts.indices.map { expert in
      guard let process = bestProcess(for: expert, block: block, model: model) else { return nil }
      if configuration.link == .ideal { return .ideal }
      return process.snrDB(block: block).map { .known(snrDB: $0) } ?? .unknown
    }
  }

  /// An expert tells the state of its link.
  package mutating func onReport(_ report: ChannelReport, from peer: PeerID, now: UInt64) -> [Directive] {
    var directives: [Directive] = []
    guard processes[peer] != nil else { return directives }
    guard report.clock == processes[peer]?.clock else {
      return [.log(.warning("\(peer): a channel report of another clock is ignored"))]
    }
    switch report.clock {
    case .wall:
      processes[peer]?.currentSNRDB = report.snrDB.last
    case .request:
      if processes[peer]?.linkStates.store(firstBlock: report.firstBlock, snrDB: report.snrDB) != true {
        directives.append(.log(.warning("\(peer): a channel report that nobody asked for is ignored")))
      }
    }
    releaseWaitingRequests(now: now, &directives)
    return directives
  }

  /// Asks for the window that the next image without a named block will need.
  mutating func requestUpcomingLinkStates(of peer: PeerID, _ directives: inout [Directive]) {
    guard clock == .request, needsLinkStates else { return }
    _ = known(window: LinkStates.window(of: nextBlock), of: peer, &directives)
  }

  /// Asks every usable expert for the states that the request's blocks need and those that follow.
  ///
  /// - Returns: true if all states that the request needs are known.
  mutating func requestMissingLinkStates(for key: UInt64, _ directives: inout [Directive]) -> Bool {
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
      if requestMissingLinkStates(for: key, &directives) {
        enqueue(key)
      } else {
        stillWaiting.append(key)
      }
    }
    waitingForLinkStates = stillWaiting
    startBatches(now: now, &directives)
  }

  /// Gives up on experts that have not told their link states in time, and moves on the requests that wait for them.
  mutating func releaseRequestsTiredOfWaiting(now: UInt64, _ directives: inout [Directive]) {
    let tired = waitingForLinkStates.compactMap { requests[$0] }.filter {
      max($0.linkStateDeadline, excusedUntil + configuration.replyTimeout) <= now
    }
    guard !tired.isEmpty else { return }
    let windows = Set(tired.flatMap(\.samples).map { LinkStates.window(of: $0.block) })
    for peer in usablePeers where windows.contains(where: { processes[peer]?.linkStates.knows(window: $0) == false }) {
      let reason = "it did not report its link state within \(configuration.replyTimeout / 1_000_000) ms"
      directives.append(.disconnect(peer, reason: reason))
      directives += onExpertDisconnected(peer, reason: reason, now: now)
    }
    releaseWaitingRequests(now: now, &directives)
  }
}
