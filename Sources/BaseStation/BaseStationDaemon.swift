import Dispatch
import Logging
package import MixtureOfExperts
package import Transport
import WireProtocol

/// The base station's shell: owns the io queue, the connections and the compute workers, feeds the logic with events
/// and performs its directives.
// @unchecked: everything mutable is confined to `io`.
package final class BaseStationDaemon: @unchecked Sendable {
  /// How often the logic looks at what is overdue.
  private static let tickInterval: Duration = .milliseconds(25)
  /// How long a drained daemon gives its last frames to leave.
  private static let farewell: Duration = .milliseconds(100)

  private let io: IOQueue
  private let logger: Logger
  private let workers: ComputeWorkers
  private let frontend: Frontend
  private let peerOptions: Peer.Options
  private let nodeID: String
  private let generation: UInt64

  private var logic: BaseStation
  private var shortWork = ShortWork()
  private var peers: [PeerID: Peer] = [:]
  private var nextPeer: UInt64 = 0
  private var listener: PeerListener?
  private var diallers: [Dialler] = []
  private var onDrained: (@Sendable () -> Void)?

  package init(
    configuration: BaseStationConfiguration, model: BaseStationModel, nodeID: String,
    peerOptions: Peer.Options = .init(), io: IOQueue
  ) throws(ModelBundleError) {
    let frontend = try Frontend(model, configuration: configuration)
    DispatchQueue.concurrentPerform(iterations: configuration.maximumConcurrentBatches) { _ in frontend.warmUp() }
    self.frontend = frontend
    self.io = io
    logger = io.logger
    self.nodeID = nodeID
    self.peerOptions = peerOptions
    generation = wallClockGeneration()
    workers = ComputeWorkers(label: "moe-edge.bs", count: configuration.maximumConcurrentBatches)
    logic = BaseStation(
      configuration: configuration, model: model.description, digest: model.digest,
      now: MonotonicTime.now.nanoseconds)
  }

  /// Listens for clients and experts and dials the experts that are named.
  ///
  /// - Returns: the address that it listens on.
  package func start(listen: SocketAddress, dial experts: [SocketAddress]) throws(TransportError) -> SocketAddress {
    let listener = try PeerListener(address: listen, io: io, options: peerOptions) {
      [self] (other: Hello) throws(ProtocolError) in
      guard other.role != .baseStation else {
        throw ProtocolError(.badRequest, "a base station serves clients and experts, not base stations")
      }
      return hello(for: other.role)
    } onPeer: { [self] peer in
      admit(peer, dialled: nil)
    }
    io.async { [self] in
      self.listener = listener
      for address in experts { dial(address) }
      tick()
    }
    return listener.address
  }

  /// Takes no new work, finishes what is in hand, then calls `completion` on the io queue.
  package func drain(_ completion: @escaping @Sendable () -> Void) {
    io.assertCurrent()
    onDrained = completion
    listener?.close()
    for dialler in diallers { dialler.cancel() }
    for peer in peers.values where peer.role != .expert {
      peer.send(.goaway(Goaway(reason: .shutdown, graceMicroseconds: 0, message: "the base station is shutting down")))
    }
    perform(logic.onDrain())
  }

  private func hello(for role: Role) -> Hello {
    Hello(
      nodeID: nodeID, generation: generation, software: softwareVersion,
      detail: .baseStation(logic.detail(withLabels: role != .expert)))
  }

  private func dial(_ address: SocketAddress) {
    let name = address.description
    logic.onDialling(name)
    let dialler = Dialler(address: address, io: io, options: peerOptions) { [self] in
      hello(for: .expert)
    } verify: { (other: Hello) throws(ProtocolError) in
      guard other.role == .expert else {
        throw ProtocolError(.badRequest, "\(other.nodeID) at \(name) is no expert but of the role \(other.role)")
      }
    } onPeer: { [self] peer in
      admit(peer, dialled: name)
    } onFailure: { [self] error, delay in
      if logic.onDialFailed(name, reason: error.description) {
        logger.warning("expert at \(name): \(error); dialling again")
      }
      logger.debug("expert at \(name): next dial in \(delay)")
    }
    diallers.append(dialler)
    dialler.start()
  }

  // MARK: Peers

  private func admit(_ peer: Peer, dialled address: String?) {
    let id = PeerID(nextPeer)
    nextPeer += 1
    peers[id] = peer
    peer.onFrame = { [self, unowned peer] frame in onFrame(frame, from: id, peer) }
    peer.onClose = { [self] reason in onClose(id, reason) }
    guard case .expert(let detail) = peer.hello.detail else { return }
    if let address { logic.onDialConnected(address, peer: id) }
    perform(
      logic.onExpertHello(
        peer.hello, detail: detail, peer: id, address: address ?? peer.address.description, now: now))
  }

  private func onClose(_ id: PeerID, _ reason: CloseReason) {
    guard let peer = peers.removeValue(forKey: id) else { return }
    switch peer.role {
    case .expert: perform(logic.onExpertDisconnected(id, reason: reason.description, now: now))
    case .client, .operator: perform(logic.onClientDisconnected(id))
    case .baseStation: break
    }
  }

  private func onFrame(_ frame: FrameBuffer, from id: PeerID, _ peer: Peer) {
    do {
      perform(try directives(for: Message(decoding: frame), frame, from: id))
    } catch {
      logger.warning("\(peer.hello.nodeID) (\(peer.address)): \(error)")
      peer.close(telling: ProtocolError(.badRequest, "\(error)"))
    }
  }

  private func directives(
    for message: Message, _ frame: FrameBuffer, from id: PeerID
  ) throws(ProtocolError) -> [Directive] {
    switch message {
    case .infer(let infer):
      logic.onInfer(
        infer, from: id, requestID: frame.requestID, deadlineMicroseconds: frame.deadlineMicroseconds, now: now)
    case .cancel: logic.onCancel(requestID: frame.requestID, from: id)
    case .statusRequest: [.send(id, .status(logic.status(now: now)), requestID: frame.requestID)]
    case .reply(let reply): logic.onReply(reply, id: frame.requestID, from: id, now: now)
    case .channelReport(let report): logic.onReport(report, from: id, now: now)
    case .error(let error): logic.onDispatchError(error, id: frame.requestID, from: id, now: now)
    case .goaway(let goaway): logic.onExpertGoaway(goaway, from: id, now: now)
    case .hello, .result, .dispatch, .subscribe, .ping, .pong, .status:
      throw ProtocolError(.badRequest, "a base station does not take messages of the type \(frame.type)")
    }
  }

  // MARK: Directives

  private var now: UInt64 { MonotonicTime.now.nanoseconds }

  private func perform(_ directives: [Directive]) {
    io.coalescingWrites {
      for directive in directives { perform(directive) }
    }
  }

  private func perform(_ directive: Directive) {
    switch directive {
    case .compute(let batch):
      // Only when nobody else waits: with more in hand, compute workers leave the io queue to the sockets.
      if logic.hasNothingElseInHand(than: batch) && shortWork.isShort(items: batch.count) {
        let (routed, nanoseconds) = measured { frontend(batch) }
        finish(routed, took: nanoseconds)
      } else {
        workers.run { [self] in
          let (routed, nanoseconds) = measured { frontend(batch) }
          io.async { [self] in finish(routed, took: nanoseconds) }
        }
      }
    case .dispatch(let id, let requestID, let latents):
      peers[id]?.send(logic.dispatchFrame(latents, requestID: requestID))
    case .send(let id, let message, let requestID):
      peers[id]?.send(message, requestID: requestID)
    case .disconnect(let id, let reason):
      peers[id]?.closeAfterFlush(reason)
    case .log(let line):
      logger.log(line)
    case .drained:
      guard let completion = onDrained else { return }
      onDrained = nil
      logger.notice("drained")
      _ = io.after(Self.farewell) { completion() }
    }
  }

  private func finish(_ routed: RoutedBatch, took nanoseconds: UInt64) {
    shortWork.record(items: routed.batch.count, nanoseconds: nanoseconds)
    perform(logic.onRouted(routed, now: now))
  }

  private func tick() {
    perform(logic.onTick(now: now))
    _ = io.after(Self.tickInterval) { [self] in tick() }
  }
}

/// What `work` gives, and how many nanoseconds it took.
private func measured<Result>(_ work: () -> Result) -> (Result, UInt64) {
  let start = MonotonicTime.now.nanoseconds
  let result = work()
  return (result, MonotonicTime.now.nanoseconds - start)
}
