import DequeModule
import Digests
import MixtureOfExperts
import Radio
package import Transport
package import WireProtocol

/// The expert processes: who is connected, who is usable, what their links are like.
extension BaseStation {
  /// The link clock of the experts that serve; nil while there is none.
  var clock: LinkClock? { processes.values.first { $0.state == .serving }?.clock }

  /// An expert has introduced itself.
  package mutating func onExpertHello(
    _ hello: Hello, detail: Hello.Expert, peer: PeerID, address: String, now: UInt64
  ) -> [Directive] {
    var directives: [Directive] = []
    let name = "expert \(detail.index) (\(hello.nodeID), \(address))"
    if let known = processes.values.first(where: { $0.node == hello.nodeID }) {
      guard known.expert == Int(detail.index) else {
        return refuse(
          peer, .unauthorised, .error("\(name): node \(hello.nodeID) is connected as expert \(known.expert) already"))
      }
      guard hello.generation != known.generation else {
        // The two dial each other: nothing is wrong.
        return refuse(peer, .superseded, .debug("\(name): it is connected already"))
      }
      guard hello.generation > known.generation else {
        return refuse(
          peer, .superseded, .error("\(name): node \(hello.nodeID) is connected with a newer generation already"))
      }
      let reason = "replaced by a newer generation of \(hello.nodeID)"
      directives += onExpertDisconnected(known.peer, reason: reason, now: now)
      directives += [
        .send(known.peer, .error(ProtocolError(.superseded, reason)), requestID: 0),
        .disconnect(known.peer, reason: reason),
      ]
    }
    if let mismatch = mismatch(of: detail) {
      return directives + refuse(peer, .wrongModel, .error("\(name): \(mismatch)"))
    }
    var process = ExpertProcess(
      peer: peer, node: hello.nodeID, generation: hello.generation, expert: Int(detail.index),
      linkProcess: detail.linkProcess, address: address, clock: detail.clock,
      limits: ExpertProcess.Limits(hello), digests: detail.digests, state: .serving,
      breaker: breakers.removeValue(forKey: hello.nodeID) ?? CircuitBreaker())
    let reason = ineligibility(of: process)
    if let reason { process.state = .ineligible(reason.message) }
    processes[peer] = process
    refreshUsable()
    askToReload(peer, &directives)
    if let reason {
      tell(peer, why: reason, &directives)
    } else if processes[peer]?.isUp == true {
      directives.append(.log(.notice("\(name) is up")))
      requestUpcomingLinkStates(of: peer, now: now, &directives)
      releaseWaitingRequests(now: now, &directives)
      switchIfReady(now: now, &directives)
    } else {
      processes[peer]?.suspicion = "it failed before"
      directives.append(.log(.notice("\(name) is connected and has to prove itself")))
      probeDueExperts(now: now, &directives)
    }
    return directives
  }

  private func refuse(_ peer: PeerID, _ code: ErrorCode, _ line: LogLine) -> [Directive] {
    [
      .log(line), .send(peer, .error(ProtocolError(code, line.text)), requestID: 0),
      .disconnect(peer, reason: line.text),
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

  private func ineligibility(of process: ExpertProcess) -> ProtocolError? {
    let held = models.values.filter { process.digests.contains($0.digest) }
    guard !held.isEmpty else {
      let digests = process.digests.map(\.short).joined(separator: ", ")
      let served = "\(model.digest.short) (\(model.description.name))"
      return ProtocolError(.wrongModel, "it holds model \(digests), the base station serves \(served)")
    }
    if let inUse = self.clock, inUse != process.clock {
      return ProtocolError(.wrongClock, "its link clock is \(process.clock), the other experts' is \(inUse)")
    }
    guard held.contains(where: { latentsInOneFrame(to: process, of: $0) > 0 }) else {
      return ProtocolError(
        .tooLarge, "it takes frames of \(process.limits.frameBytes) bytes, which a single latent does not fit")
    }
    return nil
  }

  /// How many latents of a model one frame to that process may hold, by the limits of its HELLO.
  func latentsInOneFrame(to process: ExpertProcess, of model: ServedModel) -> Int {
    min(
      process.limits.batch,
      Dispatch.maximumCount(
        over: configuration.link, latentCount: model.description.latentCount, frameBytes: process.limits.frameBytes))
  }

  /// Says in both logs why an expert is given no work.
  private func tell(_ peer: PeerID, why reason: ProtocolError, _ directives: inout [Directive]) {
    guard let process = processes[peer] else { return }
    let message = "\(process.name) is not used: \(reason.message)"
    let notice = ProtocolError(reason.code, message)
    directives += [.log(.error(message)), .send(peer, .error(notice), requestID: ProtocolError.noticeRequestID)]
  }

  /// An expert finishes what it has and takes nothing new.
  package mutating func onExpertGoaway(_ goaway: Goaway, from peer: PeerID, now: UInt64) -> [Directive] {
    guard let process = processes[peer] else { return [] }
    processes[peer]?.state = .draining
    refreshUsable()
    var directives: [Directive] = [
      .log(.notice("expert \(process.expert) (\(process.node)) drains (\(goaway.reason)): \(goaway.message)"))
    ]
    readmitByClock(now: now, &directives)
    releaseWaitingRequests(now: now, &directives)
    switchIfReady(now: now, &directives)
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
      directives.append(.log(.notice("\(process.name) has gone")))
    } else {
      directives.append(.log(.warning("\(process.name) is down: \(reason)")))
      remember(process, now: now)
    }
    for id in process.dispatches { redispatch(id, now: now, &directives) }
    processes[peer] = nil
    readmitByClock(now: now, &directives)
    releaseWaitingRequests(now: now, &directives)
    switchIfReady(now: now, &directives)
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

  /// When the last expert of a clock serves no longer, those that were refused for their clock may.
  private mutating func readmitByClock(now: UInt64, _ directives: inout [Directive]) {
    if clock == nil { reconsiderEligibility(now: now, &directives) }
  }

  /// Models or clocks have changed: some experts may serve that could not, and others no longer.
  mutating func reconsiderEligibility(now: UInt64, _ directives: inout [Directive]) {
    let clockBefore = clock
    for peer in processes.keys.sorted() {
      guard let process = processes[peer], process.state != .draining else { continue }
      let reason = ineligibility(of: process)
      let state = reason.map { ExpertProcess.State.ineligible($0.message) } ?? .serving
      guard state != process.state else { continue }
      processes[peer]?.state = state
      if let reason {
        tell(peer, why: reason, &directives)
      } else {
        directives.append(.log(.notice("\(process.name) is up")))
        requestUpcomingLinkStates(of: peer, now: now, &directives)
      }
    }
    refreshUsable()
    releaseWaitingRequests(now: now, &directives)
    if clockBefore != nil { readmitByClock(now: now, &directives) }
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
