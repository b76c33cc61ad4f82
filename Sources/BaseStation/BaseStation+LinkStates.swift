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
    guard let clock = processes[peer]?.clock else { return [] }
    guard report.clock == clock else { return ignored("of another clock", from: peer) }
    var directives: [Directive] = []
    switch clock {
    case .wall:
      processes[peer]?.currentSNRDB = report.snrDB.last
    case .request:
      let isStored = processes[peer]?.linkStates.store(
        firstBlock: report.firstBlock, snrDB: report.snrDB, keeping: neededWindows)
      guard isStored == true else { return ignored("that nobody asked for", from: peer) }
      releaseWaitingRequests(of: LinkStates.window(of: report.firstBlock), now: now, &directives)
    }
    return directives
  }

  private func ignored(_ report: String, from peer: PeerID) -> [Directive] {
    guard let name = processes[peer]?.name else { return [] }
    return [.log(.warning("\(name): a channel report \(report) is ignored"))]
  }

  /// The windows of the blocks that a request's images will have, each once; none where nobody asks for link states.
  func windows(of infer: Infer) -> [UInt64] {
    guard clock == .request, needsLinkStates else { return [] }
    var windows: [UInt64] = []
    var seen = Set<UInt64>()
    for image in 0..<infer.count {
      let window = LinkStates.window(of: infer.block(ofImage: image) ?? nextBlock &+ UInt64(image))
      if windows.last != window && seen.insert(window).inserted { windows.append(window) }
    }
    return windows
  }

  /// Keeps a request's windows from being forgotten until ``release(windows:)``.
  mutating func hold(windows: [UInt64]) {
    for window in windows { neededWindows[window, default: 0] += 1 }
  }

  mutating func release(windows: [UInt64]) {
    for window in windows {
      guard let count = neededWindows[window] else { continue }
      neededWindows[window] = count > 1 ? count - 1 : nil
    }
  }

  /// Asks for the window that the next image without a named block will need.
  mutating func requestUpcomingLinkStates(of peer: PeerID, now: UInt64, _ directives: inout [Directive]) {
    guard clock == .request, needsLinkStates else { return }
    _ = known(window: LinkStates.window(of: nextBlock), of: peer, now: now, &directives)
  }

  /// Asks every usable expert for the states that the request's blocks need and those that follow.
  ///
  /// - Returns: true if all states that the request needs are known.
  mutating func requestMissingLinkStates(for key: UInt64, now: UInt64, _ directives: inout [Directive]) -> Bool {
    guard clock == .request, needsLinkStates, let request = requests[key] else { return true }
    var complete = true
    for peer in usablePeers {
      for window in request.windows {
        complete = known(window: window, of: peer, now: now, &directives) && complete
      }
      // One window ahead, so that a client that counts on never waits.
      if let last = request.windows.last { _ = known(window: last &+ 1, of: peer, now: now, &directives) }
    }
    return complete
  }

  private mutating func known(
    window: UInt64, of peer: PeerID, now: UInt64, _ directives: inout [Directive]
  ) -> Bool {
    guard window <= LinkStates.window(of: .max) else { return true }
    switch processes[peer]?.linkStates.lookUp(window: window, now: now) {
    case .known, nil: return true
    case .awaited: return false
    case .missing:
      let subscription = ChannelSubscription(
        firstBlock: window * LinkStates.blocksPerWindow, count: UInt32(LinkStates.blocksPerWindow))
      directives.append(.send(peer, .subscribe(subscription), requestID: countQuestion()))
      return false
    }
  }

  /// Moves on every request whose link states are complete by now.
  ///
  /// - Parameter window: the only one of which there is something new, where that is known.
  mutating func releaseWaitingRequests(of window: UInt64? = nil, now: UInt64, _ directives: inout [Directive]) {
    guard !waitingForLinkStates.isEmpty else { return }
    var stillWaiting: [UInt64] = []
    for key in waitingForLinkStates {
      guard let request = requests[key] else { continue }
      let isConcerned = window.map(request.windows.contains) ?? true
      if isConcerned && requestMissingLinkStates(for: key, now: now, &directives) {
        enqueue(key)
      } else {
        stillWaiting.append(key)
      }
    }
    waitingForLinkStates = stillWaiting
    startBatches(now: now, &directives)
  }

  /// Gives up on experts that have not told in time what they were asked, and moves on the requests that wait for it.
  mutating func releaseRequestsTiredOfWaiting(now: UInt64, _ directives: inout [Directive]) {
    guard !waitingForLinkStates.isEmpty else { return }
    let windows = Set(waitingForLinkStates.compactMap { requests[$0] }.flatMap(\.windows))
    for peer in usablePeers {
      guard let linkStates = processes[peer]?.linkStates,
        windows.contains(where: { window in
          guard let asked = linkStates.requestTime(ofWindow: window) else { return false }
          return max(asked, excusedUntil) + configuration.replyTimeout <= now
        })
      else { continue }
      let reason = "it did not report its link state within \(configuration.replyTimeout / 1_000_000) ms"
      directives.append(.disconnect(peer, reason: reason))
      directives += onExpertDisconnected(peer, reason: reason, now: now)
    }
    releaseWaitingRequests(now: now, &directives)
  }
}
