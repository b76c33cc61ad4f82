import Dispatch
import Logging
package import MixtureOfExperts
package import Transport
import WireProtocol

/// The base station's shell: owns the io queue, the connections and the compute workers, feeds the logic with events
/// and performs its directives.
// @unchecked: everything mutable is confined to `io`.
package final class BaseStationDaemon: @unchecked Sendable {
  private let io: IOQueue
  private let logger: Logger
  private let workers: ComputeWorkers
  private let reloads = DispatchQueue(label: "moe-edge.bs.reload", target: .global(qos: .utility))
  private let load: @Sendable () throws -> BaseStationModel
  private let peerOptions: Peer.Options
  private let nodeID: String
  private let generation: UInt64

  private var logic: BaseStation
  /// By the number of the model.
  private var frontends: [Int: Frontend]
  private var nextModel = 1
  private var shortWork = ShortWork()
  private var peers: [PeerID: Peer] = [:]
  private var nextPeer: UInt64 = 0
  private var listener: PeerListener?
  private var diallers: [Dialler] = []
  private var onDrained: (@Sendable () -> Void)?

  /// - Parameter load: reads the model's folder, again at every reload.
  package init(
    configuration: BaseStationConfiguration, load: @escaping @Sendable () throws -> BaseStationModel, nodeID: String,
    peerOptions: Peer.Options = .init(), io: IOQueue
  ) throws {
    let model = try load()
    let frontend = try Frontend(model, configuration: configuration)
    DispatchQueue.concurrentPerform(iterations: configuration.maximumConcurrentBatches) { _ in frontend.warmUp() }
    frontends = [0: frontend]
    self.load = load
    self.io = io
    logger = io.logger
    self.nodeID = nodeID
    self.peerOptions = peerOptions
    generation = wallClockGeneration()
    workers = ComputeWorkers(label: "moe-edge.bs", count: configuration.maximumConcurrentBatches)
    logic = BaseStation(
      configuration: configuration, model: model.description, digest: model.digest, head: model.head,
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

  /// Reads the model's folder again and has the experts do so, then serves what was read. On the io queue only.
  package func reload() { perform(logic.onReload(from: nil, requestID: 0)) }

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
      detail: .baseStation(logic.detail(to: role == .expert ? .experts : .clients)))
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
    peer.onHelloChanged = { [self, unowned peer] in
      guard case .expert(let detail) = peer.hello.detail else { return }
      perform(logic.onExpertHolds(peer.hello, detail: detail, peer: id, now: now))
    }
    peer.onPong = { [self] queueDepth, _ in logic.onPong(queueDepth: Int(queueDepth), from: id) }
    guard case .expert(let detail) = peer.hello.detail else {
      logger.debug(
        "\(peer.role) \(peer.hello.nodeID) (\(peer.address)) is connected", metadata: ["client": "\(id.number)"])
      peer.connection.throttlesReading = true
      return
    }
    if let address { logic.onDialConnected(address, peer: id) }
    perform(
      logic.onExpertHello(
        peer.hello, detail: detail, peer: id, address: address ?? peer.address.description, now: now))
  }

  private func onClose(_ id: PeerID, _ reason: CloseReason) {
    guard let peer = peers.removeValue(forKey: id) else { return }
    logger.debug("\(peer.role) \(peer.hello.nodeID) (\(peer.address)) has gone: \(reason)")
    switch peer.role {
    case .expert: perform(logic.onExpertDisconnected(id, reason: reason.description, now: now))
    case .client, .operator: perform(logic.onClientDisconnected(id, now: now))
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
    case .cancel: logic.onCancel(requestID: frame.requestID, from: id, now: now)
    case .statusRequest: [.send(id, .status(logic.status(now: now)), requestID: frame.requestID)]
    case .reply(let reply): logic.onReply(reply, id: frame.requestID, from: id, now: now)
    case .channelReport(let report): logic.onReport(report, from: id, now: now)
    case .error(let error): logic.onDispatchError(error, id: frame.requestID, from: id, now: now)
    case .goaway(let goaway): logic.onExpertGoaway(goaway, from: id, now: now)
    case .reload: logic.onReload(from: id, requestID: frame.requestID)
    case .reloaded(let reloaded): logic.onReloaded(reloaded, id: frame.requestID, from: id, now: now)
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
      guard let frontend = frontends[batch.model] else { preconditionFailure("no frontend of model \(batch.model)") }
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
    case .fallBack(let batch):
      guard let frontend = frontends[batch.model] else { preconditionFailure("no frontend of model \(batch.model)") }
      workers.run { [self] in
        // It may have waited for a worker.
        let wanted = batch.wanted(now: MonotonicTime.now.nanoseconds)
        guard wanted.count > 0 else { return }
        let answers = frontend.fallBack(wanted)
        io.async { [self] in perform(logic.onFallback(answers, to: wanted, now: now)) }
      }
    case .dispatch(let id, let dispatch):
      peers[id]?.send(dispatch.frame(over: logic.configuration.link))
    case .send(let id, let message, let requestID):
      peers[id]?.send(message, requestID: requestID)
    case .disconnect(let id, let reason):
      peers[id]?.closeAfterFlush(reason)
    case .wakeUp(let time):
      _ = io.at(MonotonicTime(nanoseconds: time)) { [self] in perform(logic.onTick(now: now)) }
    case .loadModel: loadModel()
    case .announce(let audience):
      for peer in peers.values where (peer.role == .expert) == (audience == .experts) {
        peer.announce(.baseStation(logic.detail(to: audience)))
      }
    case .retire(let model): frontends[model] = nil
    case .log(let line):
      logger.log(line)
    case .drained:
      guard let completion = onDrained else { return }
      onDrained = nil
      logger.notice("drained")
      Farewell(to: Array(peers.values), io: io, completion).begin()
    }
  }

  private func finish(_ routed: RoutedBatch, took nanoseconds: UInt64) {
    shortWork.record(items: routed.batch.count, nanoseconds: nanoseconds)
    perform(logic.onRouted(routed, now: now))
  }

  private func tick() {
    perform(logic.onTick(now: now))
    _ = io.after(.nanoseconds(BaseStation.tickInterval)) { [self] in tick() }
  }

  /// Reads the model's folder and makes its networks ready, beside everything else.
  private func loadModel() {
    let configuration = logic.configuration
    reloads.async { [self] in
      let loaded = Result { () throws(ProtocolError) in
        do {
          let frontend = try Frontend(try load(), configuration: configuration)
          frontend.warmUp()
          return frontend
        } catch {
          throw ProtocolError(.internalError, "reload: \(error)")
        }
      }
      io.async { [self] in finishLoading(loaded) }
    }
  }

  private func finishLoading(_ loaded: Result<Frontend, ProtocolError>) {
    let number = nextModel
    nextModel += 1
    if case .success(let frontend) = loaded, frontend.model.digest != logic.model.digest {
      frontends[number] = frontend
    }
    let model = loaded.map { frontend in
      ServedModel(
        number: number, description: frontend.model.description, digest: frontend.model.digest,
        head: frontend.model.head)
    }
    perform(logic.onModelLoaded(model, now: now))
  }
}

/// What `work` gives, and how many nanoseconds it took.
private func measured<Result>(_ work: () -> Result) -> (Result, UInt64) {
  let start = MonotonicTime.now.nanoseconds
  let result = work()
  return (result, MonotonicTime.now.nanoseconds - start)
}
