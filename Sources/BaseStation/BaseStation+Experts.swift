import DequeModule
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
      digests: detail.digests, state: reason.map { .ineligible($0.message) } ?? .serving,
      breaker: breakers.removeValue(forKey: hello.nodeID) ?? CircuitBreaker())
    refreshUsable()
    if let reason {
      let message = "\(name) is not used: \(reason.message)"
      let error = ProtocolError(reason.code, message)
      directives += [.log(.error(message)), .send(peer, .error(error), requestID: ProtocolError.noticeRequestID)]
    } else if processes[peer]?.isUp == true {
      directives.append(.log(.notice("\(name) is up")))
      requestUpcomingLinkStates(of: peer, &directives)
      releaseWaitingRequests(now: now, &directives)
      switchIfReady(now: now, &directives)
    } else {
      processes[peer]?.suspicion = "it failed before"
      directives.append(.log(.notice("\(name) is connected and has to prove itself")))
      probeDueExperts(now: now, &directives)
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
    let count = model.description.expertCount
    guard Int(detail.index) < count else {
      return "its index \(detail.index) is not below the model's \(count) experts"
    }
    return nil
  }

  private func ineligibility(digests: [SHA256Digest], clock: LinkClock) -> (code: ErrorCode, message: String)? {
    guard models.values.contains(where: { digests.contains($0.digest) }) else {
      let held = digests.map(\.short).joined(separator: ", ")
      let served = "\(model.digest.short) (\(model.description.name))"
      return (.wrongModel, "it holds model \(held), the base station serves \(served)")
    }
    if let inUse = self.clock, inUse != clock {
      return (.wrongClock, "its link clock is \(clock), the other experts' is \(inUse)")
    }
    return nil
  }

  /// An expert finishes what it has and takes nothing new.
  package mutating func onExpertGoaway(_ goaway: Goaway, from peer: PeerID, now: UInt64) -> [Directive] {
    guard let process = processes[peer] else { return [] }
    processes[peer]?.state = .draining
    refreshUsable()
    var directives: [Directive] = [
      .log(.notice("expert \(process.expert) (\(process.node)) drains (\(goaway.reason)): \(goaway.message)"))
    ]
    releaseWaitingRequests(now: now, &directives)
    return directives
  }

  /// An expert's connection has ended; what it had goes to the next-best experts.
  package mutating func onExpertDisconnected(_ peer: PeerID, reason: String, now: UInt64) -> [Directive] {
    guard let process = processes[peer] else { return [] }
    var directives: [Directive] = []
    // First, so that nothing goes back to it.
    processes[peer]?.state = .draining
    refreshUsable()
    if process.state == .draining {
      directives.append(.log(.notice("expert \(process.expert) (\(process.node), \(process.address)) has gone")))
    } else {
      directives.append(
        .log(.warning("expert \(process.expert) (\(process.node), \(process.address)) is down: \(reason)")))
      remember(process, now: now)
    }
    for id in process.dispatches where dispatches[id] != nil { redispatch(id, now: now, &directives) }
    processes[peer] = nil
    readmitByClock(now: now, &directives)
    releaseWaitingRequests(now: now, &directives)
    return directives
  }

  /// Breakers of nodes that have gone are remembered for so many.
  private static let rememberedNodes = 1024

  /// A node that has died is asked to prove itself when it comes back.
  private mutating func remember(_ process: ExpertProcess, now: UInt64) {
    guard process.state == .serving else { return }
    if breakers.count >= Self.rememberedNodes { breakers.removeAll() }
    var breaker = process.breaker
    breaker.open(now: now)
    breakers[process.node] = breaker
  }

  /// When the last expert of a clock has gone, those that were refused for their clock may serve.
  private mutating func readmitByClock(now: UInt64, _ directives: inout [Directive]) {
    if clock == nil { reconsiderEligibility(now: now, &directives) }
  }

  /// Models or clocks have changed: some experts may serve that could not, and others no longer.
  mutating func reconsiderEligibility(now: UInt64, _ directives: inout [Directive]) {
    for peer in processes.keys.sorted() {
      guard let process = processes[peer], process.state != .draining else { continue }
      let reason = ineligibility(digests: process.digests, clock: process.clock)
      let state = reason.map { ExpertProcess.State.ineligible($0.message) } ?? .serving
      guard state != process.state else { continue }
      processes[peer]?.state = state
      let name = "expert \(process.expert) (\(process.node))"
      if let reason {
        directives.append(.log(.error("\(name) is not used: \(reason.message)")))
      } else {
        directives.append(.log(.notice("\(name) is up")))
        requestUpcomingLinkStates(of: peer, &directives)
      }
    }
    refreshUsable()
    releaseWaitingRequests(now: now, &directives)
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
