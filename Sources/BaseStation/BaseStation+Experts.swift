import Digests
import MixtureOfExperts
import Radio
package import Transport
package import WireProtocol

/// The expert processes: who is connected, who is usable, what their links are like.
extension BaseStation {
  /// The link clock of the experts in use; nil while there is none.
  var clock: LinkClock? {
    processes.values.first { if case .ineligible = $0.state { false } else { true } }?.clock
  }

  var hasUsableExpert: Bool { processes.values.contains { $0.state == .up } }

  /// Usable processes in a fixed order, so that what follows from them is reproducible.
  var usablePeers: [PeerID] {
    processes.values.filter { $0.state == .up }.map(\.peer).sorted()
  }

  /// Whether routing or results speak of link states at all.
  var needsLinkStates: Bool { configuration.link != .ideal }

  /// An expert has introduced itself.
  package mutating func onExpertHello(
    _ hello: Hello, detail: Hello.Expert, peer: PeerID, address: String, now: UInt64
  ) -> [Directive] {
    var directives: [Directive] = []
    let name = "expert \(detail.index) (\(hello.nodeID), \(address))"
    if let known = processes.values.first(where: { $0.node == hello.nodeID }) {
      guard known.expert == Int(detail.index) else {
        return refuse(
          peer, .unauthorised, "\(name): node \(hello.nodeID) is connected as expert \(known.expert) already")
      }
      guard hello.generation > known.generation else {
        return refuse(
          peer, .superseded, "\(name): node \(hello.nodeID) is connected with a newer generation already")
      }
      directives += onExpertDisconnected(known.peer, reason: "replaced by a newer generation", now: now)
      directives.append(.disconnect(known.peer, reason: "replaced by a newer generation of \(hello.nodeID)"))
    }
    if let mismatch = mismatch(of: detail) {
      return directives + refuse(peer, .wrongModel, "\(name): \(mismatch)")
    }
    let reason = ineligibility(digests: detail.digests, clock: detail.clock)
    processes[peer] = ExpertProcess(
      peer: peer, node: hello.nodeID, generation: hello.generation, expert: Int(detail.index),
      linkProcess: detail.linkProcess, address: address, clock: detail.clock,
      digests: detail.digests, state: reason.map { .ineligible($0.message) } ?? .up)
    if let reason {
      let message = "\(name) is not used: \(reason.message)"
      let error = ProtocolError(reason.code, message)
      directives += [.log(.error(message)), .send(peer, .error(error), requestID: ProtocolError.noticeRequestID)]
    } else {
      directives.append(.log(.notice("\(name) is up")))
      requestUpcomingLinkStates(of: peer, &directives)
      releaseWaitingRequests(now: now, &directives)
    }
    return directives
  }

  private func refuse(_ peer: PeerID, _ code: ErrorCode, _ message: String) -> [Directive] {
    let error = ProtocolError(code, message)
    return [
      .log(.error(message)), .send(peer, .error(error), requestID: 0), .disconnect(peer, reason: message),
    ]
  }

  /// Why an expert can never serve this model, whatever files it loads later.
  private func mismatch(of detail: Hello.Expert) -> String? {
    guard Int(detail.index) < model.expertCount else {
      return "its index \(detail.index) is not below the model's \(model.expertCount) experts"
    }
    return nil
  }

  private func ineligibility(digests: [SHA256Digest], clock: LinkClock) -> (code: ErrorCode, message: String)? {
    guard digests.contains(digest) else {
      let held = digests.map(\.short).joined(separator: ", ")
      return (.wrongModel, "it holds model \(held), the base station serves \(digest.short) (\(model.name))")
    }
    if let inUse = self.clock, inUse != clock {
      return (.wrongClock, "its link clock is \(clock), the other experts' is \(inUse)")
    }
    return nil
  }

  private mutating func requestUpcomingLinkStates(of peer: PeerID, _ directives: inout [Directive]) {
    guard clock == .request, needsLinkStates else { return }
    let window = LinkStates.window(of: nextBlock)
    guard processes[peer]?.linkStates.shouldRequest(window: window) == true else { return }
    let subscription = ChannelSubscription(
      firstBlock: window * LinkStates.blocksPerWindow, count: UInt32(LinkStates.blocksPerWindow))
    directives.append(.send(peer, .subscribe(subscription), requestID: countQuestion()))
  }

  /// An expert tells the state of its link.
  package mutating func onReport(_ report: ChannelReport, from peer: PeerID, now: UInt64) -> [Directive] {
    var directives: [Directive] = []
    guard processes[peer] != nil else { return directives }
    heard(from: peer, now: now, &directives)
    guard report.clock == processes[peer]?.clock else {
      directives.append(.log(.warning("\(peer): a channel report of another clock is ignored")))
      return directives
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

  /// An expert finishes what it has and takes nothing new.
  package mutating func onExpertGoaway(_ goaway: Goaway, from peer: PeerID, now: UInt64) -> [Directive] {
    guard let process = processes[peer] else { return [] }
    processes[peer]?.state = .draining
    var directives: [Directive] = [
      .log(.notice("expert \(process.expert) (\(process.node)) drains (\(goaway.reason)): \(goaway.message)"))
    ]
    releaseWaitingRequests(now: now, &directives)
    return directives
  }

  /// An expert's connection has ended; what it had goes to the next-best experts.
  package mutating func onExpertDisconnected(_ peer: PeerID, reason: String, now: UInt64) -> [Directive] {
    guard let process = processes.removeValue(forKey: peer) else { return [] }
    var directives: [Directive] = [
      .log(.warning("expert \(process.expert) (\(process.node), \(process.address)) is down: \(reason)"))
    ]
    let lost = dispatches.filter { $0.value.peer == peer }.map(\.key).sorted()
    for id in lost { redispatch(id, now: now, &directives) }
    readmitByClock(now: now, &directives)
    releaseWaitingRequests(now: now, &directives)
    return directives
  }

  /// When the last expert of a clock has gone, those that were refused for their clock may serve.
  private mutating func readmitByClock(now: UInt64, _ directives: inout [Directive]) {
    guard clock == nil else { return }
    for peer in processes.keys.sorted() {
      guard let process = processes[peer], case .ineligible = process.state,
        ineligibility(digests: process.digests, clock: process.clock) == nil
      else { continue }
      processes[peer]?.state = .up
      directives.append(.log(.notice("expert \(process.expert) (\(process.node)) is up")))
      requestUpcomingLinkStates(of: peer, &directives)
    }
  }

  // MARK: Signs of life

  /// Any message of an expert is a sign of life.
  package mutating func onExpertAlive(_ peer: PeerID, now: UInt64) -> [Directive] {
    var directives: [Directive] = []
    heard(from: peer, now: now, &directives)
    return directives
  }

  mutating func heard(from peer: PeerID, now: UInt64, _ directives: inout [Directive]) {
    guard let process = processes[peer], process.state == .suspect else { return }
    processes[peer]?.state = .up
    directives.append(.log(.notice("expert \(process.expert) (\(process.node)) is up again")))
    releaseWaitingRequests(now: now, &directives)
  }

  /// Suspects experts that owe a reply; those that are silent altogether lose their connection.
  mutating func suspectOverdueExperts(now: UInt64, _ directives: inout [Directive]) {
    let overdue = dispatches.filter { $0.value.sentAt + configuration.replyTimeout <= now }
    for peer in Set(overdue.values.map(\.peer)).sorted() {
      suspect(peer, "no reply within \(configuration.replyTimeout / 1_000_000) ms", &directives)
    }
    for id in overdue.keys.sorted() { redispatch(id, now: now, &directives) }
  }

  private mutating func suspect(_ peer: PeerID, _ reason: String, _ directives: inout [Directive]) {
    guard let process = processes[peer], process.state == .up else { return }
    processes[peer]?.state = .suspect
    directives.append(.log(.warning("expert \(process.expert) (\(process.node)) is suspect: \(reason)")))
  }

  // MARK: Dialled addresses

  package mutating func onDialling(_ address: String) {
    setDialState(of: address, .connecting)
  }

  /// - Returns: whether that is news, worth a line in the log.
  package mutating func onDialFailed(_ address: String, reason: String) -> Bool {
    defer { setDialState(of: address, .failed(reason)) }
    guard let known = dialled.first(where: { $0.address == address }), case .failed(let before) = known.state
    else { return true }
    return before != reason
  }

  package mutating func onDialConnected(_ address: String, peer: PeerID) {
    setDialState(of: address, .connected(peer))
  }

  private mutating func setDialState(of address: String, _ state: DialTarget.State) {
    if let index = dialled.firstIndex(where: { $0.address == address }) {
      dialled[index].state = state
    } else {
      dialled.append(DialTarget(address: address, state: state))
    }
  }
}
