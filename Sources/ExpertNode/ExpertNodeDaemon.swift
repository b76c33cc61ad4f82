import Digests
import Dispatch
import Logging
package import MixtureOfExperts
package import Radio
import Tensors
package import Transport
import WireProtocol

/// The expert's shell: owns the io queue, the connections and the compute worker, feeds the logic with events and
/// performs its directives.
// @unchecked: everything mutable is confined to `io`.
package final class ExpertNodeDaemon: @unchecked Sendable {
  private let io: IOQueue
  private let logger: Logger
  private let workers: ComputeWorkers
  private let decisions: Decisions
  private let load: @Sendable () throws -> ExpertModel
  private let reloads = DispatchQueue(label: "moe-edge.expert.reload", target: .global(qos: .utility))
  private let peerOptions: Peer.Options
  private let nodeID: String
  private let generation: UInt64

  private var logic: ExpertNode
  /// What computes for each model that is held.
  private var networks: [SHA256Digest: (expert: Expert, receiver: Receiver)]
  private var shortWork = ShortWork()
  private var peers: [PeerID: Peer] = [:]
  private var nextPeer: UInt64 = 0
  private var listeners: [PeerListener] = []
  private var diallers: [Dialler] = []
  /// By dialled address, so that the same failure is told once.
  private var lastFailures: [SocketAddress: TransportError] = [:]
  private var onAttached: (@Sendable (SocketAddress) -> Void)?
  private var onDrained: (@Sendable () -> Void)?

  /// - Parameters:
  ///   - model: what `load` has given for the first time.
  ///   - load: reads the model's folder again, at every reload.
  package init(
    configuration: ExpertNodeConfiguration, model: ExpertModel, decisions: Decisions,
    load: @escaping @Sendable () throws -> ExpertModel, nodeID: String, peerOptions: Peer.Options = .init(),
    io: IOQueue
  ) {
    self.io = io
    logger = io.logger
    self.decisions = decisions
    self.load = load
    self.nodeID = nodeID
    self.peerOptions = peerOptions
    generation = wallClockGeneration()
    workers = ComputeWorkers(label: "moe-edge.expert", count: configuration.maximumConcurrentJobs)
    logic = ExpertNode(configuration: configuration, now: MonotonicTime.now.nanoseconds)
    networks = [model.digest: (model.expert, Receiver(model.description, decisions: decisions))]
    DispatchQueue.concurrentPerform(iterations: configuration.maximumConcurrentJobs) { _ in model.warmUp() }
  }

  /// Waits for base stations at `address`.
  ///
  /// - Returns: the address that it listens on.
  package func listen(at address: SocketAddress) throws(TransportError) -> SocketAddress {
    let listener = try PeerListener(address: address, io: io, options: peerOptions) {
      [self] (other: Hello) throws(ProtocolError) in
      guard other.role == .baseStation else {
        throw ProtocolError(.badRequest, "an expert serves base stations, not the role \(other.role)")
      }
      return hello
    } onPeer: { [self] peer in
      admit(peer)
    }
    io.async { [self] in listeners.append(listener) }
    return listener.address
  }

  /// Dials the base stations at `addresses`, again and again for as long as it lives.
  ///
  /// - Parameter onAttached: called once, on the io queue, after the first handshake.
  package func attach(to addresses: [SocketAddress], onAttached: @escaping @Sendable (SocketAddress) -> Void) {
    io.async { [self] in
      self.onAttached = onAttached
      for address in addresses { dial(address) }
    }
  }

  /// Starts the wall clock's blocks, where there are any.
  package func start() {
    io.async { [self] in scheduleBlockStart() }
  }

  /// Reads the model's folder again. On the io queue only.
  package func reload() { perform(logic.onReload(from: nil, requestID: 0)) }

  /// Takes no new work, finishes what is in hand, then calls `completion` on the io queue.
  package func drain(_ completion: @escaping @Sendable () -> Void) {
    io.assertCurrent()
    onDrained = completion
    for listener in listeners { listener.close() }
    for dialler in diallers { dialler.cancel() }
    perform(logic.onDrain())
  }

  private var hello: Hello {
    Hello(nodeID: nodeID, generation: generation, software: softwareVersion, detail: .expert(logic.detail))
  }

  private func dial(_ address: SocketAddress) {
    let dialler = Dialler(address: address, io: io, options: peerOptions) { [self] in
      hello
    } verify: { (other: Hello) throws(ProtocolError) in
      guard other.role == .baseStation else {
        throw ProtocolError(
          .badRequest, "\(other.nodeID) at \(address) is no base station but of the role \(other.role)")
      }
    } onPeer: { [self] peer in
      lastFailures[address] = nil
      admit(peer)
      onAttached?(address)
      onAttached = nil
    } onFailure: { [self] error, delay in
      if lastFailures.updateValue(error, forKey: address) != error {
        logger.warning("base station at \(address): \(error); dialling again")
      }
      logger.debug("base station at \(address): next dial in \(delay)")
    }
    diallers.append(dialler)
    dialler.start()
  }

  // MARK: Peers

  private func admit(_ peer: Peer) {
    guard case .baseStation(let detail) = peer.hello.detail else { return peer.close("no base station") }
    let id = PeerID(nextPeer)
    nextPeer += 1
    peers[id] = peer
    peer.connection.throttlesReading = true
    peer.onFrame = { [self, unowned peer] frame in onFrame(frame, from: id, peer) }
    peer.onClose = { [self] reason in
      peers[id] = nil
      perform(logic.onDisconnected(id, reason: reason.description, now: now))
    }
    peer.onHelloChanged = { [self, unowned peer] in
      guard case .baseStation(let detail) = peer.hello.detail else { return }
      perform(logic.onBaseStationServes(detail, peer: id, now: now))
    }
    perform(logic.onBaseStationHello(peer.hello, detail: detail, peer: id, now: now))
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
    case .dispatch(let dispatch):
      logic.onDispatch(
        dispatch, requestID: frame.requestID, from: id, deadlineMicroseconds: frame.deadlineMicroseconds, now: now)
    case .subscribe(let subscription):
      logic.onSubscribe(subscription, requestID: frame.requestID, from: id, now: now)
    case .error(let error): [.log(.error("the base station says: \(error)"))]
    case .goaway(let goaway): [.log(.notice("the base station drains: \(goaway.message)"))]
    case .cancel: logic.onCancel(requestID: frame.requestID, from: id)
    case .reload: logic.onReload(from: id, requestID: frame.requestID)
    case .hello, .infer, .result, .reply, .channelReport, .ping, .pong, .statusRequest, .status, .reloaded:
      throw ProtocolError(.badRequest, "an expert does not take messages of the type \(frame.type)")
    }
  }

  // MARK: Directives

  private var now: UInt64 { MonotonicTime.now.nanoseconds }

  private func perform(_ directives: [Directive]) {
    io.coalescingWrites {
      for directive in directives { perform(directive) }
    }
    let depth = logic.queueDepth
    for peer in peers.values { peer.queueDepth = depth }
  }

  private func perform(_ directive: Directive) {
    switch directive {
    case .compute(let job):
      guard let (expert, receiver) = networks[job.modelDigest] else {
        return perform(logic.onModelMissing(for: job, now: now))
      }
      if shortWork.isShort(items: job.count) {
        finish(Answer(to: job, by: expert, over: receiver))
      } else {
        workers.run { [self] in
          let answer = Answer(to: job, by: expert, over: receiver)
          io.async { [self] in finish(answer) }
        }
      }
    case .loadModel: loadModel()
    case .announce:
      for peer in peers.values { peer.announce(.expert(logic.detail)) }
    case .retire(let digest): networks[digest] = nil
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
      Farewell(to: Array(peers.values), io: io, completion).begin()
    }
  }

  private func finish(_ answer: Answer) {
    shortWork.record(items: answer.job.count, nanoseconds: UInt64(answer.computeMicroseconds) * 1000)
    perform(logic.onComputed(answer, now: now))
  }

  /// Reads the model's folder and makes its network ready, beside everything else.
  private func loadModel() {
    reloads.async { [self] in
      let loaded = Result { () throws(ProtocolError) in
        do {
          let model = try load()
          model.warmUp()
          return model
        } catch {
          throw ProtocolError(.internalError, "reload: \(error)")
        }
      }
      io.async { [self] in
        if case .success(let model) = loaded {
          networks[model.digest] = (model.expert, Receiver(model.description, decisions: decisions))
        }
        perform(logic.onModelLoaded(loaded.map(HeldModel.init)))
      }
    }
  }

  private func scheduleBlockStart() {
    guard logic.configuration.clock == .wall else { return }
    let start = now
    _ = io.after(.nanoseconds(logic.nextBlockStart(now: start) - start)) { [self] in
      perform(logic.onBlockStart(now: now))
      scheduleBlockStart()
    }
  }
}

extension HeldModel {
  package init(_ model: ExpertModel) {
    self.init(
      digest: model.digest, expertCount: model.description.expertCount, latentCount: model.description.latentCount,
      outputCount: model.description.outputCount, hasDigitalLink: model.description.latentTable != nil)
  }
}

extension ExpertModel {
  /// Answers a latent of zeros, so that no dispatch pays for compiling kernels and packing weights.
  fileprivate func warmUp() { _ = expert(Tensor(zeros: [1, description.latentCount])) }
}
