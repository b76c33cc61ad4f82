import Digests
import MixtureOfExperts
package import Transport
package import WireProtocol

/// Another model in the place of the served one, without a request lost.
extension BaseStation {
  /// The model's folder shall be read again: an operator asks, or a signal (`peer` is nil).
  package mutating func onReload(from peer: PeerID?, requestID: UInt64) -> [Directive] {
    let asker = peer.map { [(peer: $0, requestID: requestID)] } ?? []
    func busy(_ reason: String) -> [Directive] {
      let error = ProtocolError(.busy, reason, isRetryable: true)
      return asker.map { .send($0.peer, .error(error), requestID: $0.requestID) } + [.log(.warning("\(error)"))]
    }
    if let underWay = reload {
      guard underWay.askedBy.count + asker.count <= Reloaded.maximumAskers else {
        return busy("\(underWay.askedBy.count) questions wait for the outcome of a reload already")
      }
      reload?.askedBy += asker
      return []
    }
    if models.count > 1 { return busy("requests of the model before are still under way") }
    reload = Reload(phase: .reading, askedBy: asker)
    return [.loadModel]
  }

  /// The folder has been read.
  package mutating func onModelLoaded(_ outcome: Result<ServedModel, ProtocolError>, now: UInt64) -> [Directive] {
    guard case .reading = reload?.phase else { return [] }
    var directives: [Directive] = []
    switch outcome {
    case .failure(let error): endReload(.failure(error), &directives)
    case .success(let loaded) where loaded.digest == model.digest:
      directives.append(.log(.notice("model \(model.digest.short) is served already")))
      // Who missed an earlier reload follows now.
      for peer in processes.keys.sorted() where processes[peer]?.digests.contains(model.digest) == false {
        directives.append(.send(peer, .reload, requestID: countQuestion()))
      }
      endReload(.success(model.digest), &directives)
    case .success(let loaded):
      if let difference = model.difference(to: loaded.description) {
        directives.append(.retire(model: loaded.number))
        let error = ProtocolError(
          .badRequest, "reload: \(difference), which needs a base station of its own", isRetryable: false)
        endReload(.failure(error), &directives)
        break
      }
      models[loaded.number] = loaded
      reload?.phase = .waiting(model: loaded.number, until: now + configuration.reloadTimeout)
      directives.append(.log(.notice("model \(loaded.digest.short) is loaded; experts are asked to load it, too")))
      for peer in processes.keys.sorted() { askToReload(peer, &directives) }
      reconsiderEligibility(now: now, &directives)
      switchIfReady(now: now, &directives)
    }
    return directives
  }

  /// Has an expert load the awaited model, where it does not hold it.
  mutating func askToReload(_ peer: PeerID, _ directives: inout [Directive]) {
    guard case .waiting(let number, _) = reload?.phase, let awaited = models[number]?.digest,
      processes[peer]?.digests.contains(awaited) == false
    else { return }
    let question = countQuestion()
    reload?.questions[question] = peer
    directives.append(.send(peer, .reload, requestID: question))
  }

  /// An expert answers a question to reload with an error; where its index is waited for, the reload has failed.
  ///
  /// - Returns: false if it was not asked that.
  mutating func onReloadError(
    _ error: ProtocolError, id: UInt64, from peer: PeerID, now: UInt64, _ directives: inout [Directive]
  ) -> Bool {
    guard let process = processes[peer], reload?.questions[id] == peer else { return false }
    reload?.questions[id] = nil
    guard case .waiting(let number, _) = reload?.phase, lacking(model: number).contains(expert: process.expert)
    else { return false }
    giveUpReload(
      of: number,
      ProtocolError(error.code, "reload: \(process.name): \(error.message)", isRetryable: error.isRetryable),
      now: now, &directives)
    return true
  }

  /// An expert answers a question to reload with what its folder has, of which it has said HELLO before.
  package mutating func onReloaded(_ reloaded: Reloaded, id: UInt64, from peer: PeerID, now: UInt64) -> [Directive] {
    var directives: [Directive] = []
    guard case .waiting(let number, _) = reload?.phase, let awaited = models[number]?.digest,
      reloaded.modelDigest != awaited
    else { return directives }
    let error = ProtocolError(
      .wrongModel, "its folder has model \(reloaded.modelDigest.short), the base station's has \(awaited.short)")
    _ = onReloadError(error, id: id, from: peer, now: now, &directives)
    return directives
  }

  /// The experts that serve the present model and have not loaded that one.
  private func lacking(model number: Int) -> ExpertSet {
    (usable[model.number]?.experts ?? []).subtracting(usable[number]?.experts ?? [])
  }

  /// An expert has said HELLO again: it holds other models now.
  package mutating func onExpertHolds(
    _ hello: Hello, detail: Hello.Expert, peer: PeerID, now: UInt64
  ) -> [Directive] {
    var directives: [Directive] = []
    guard let before = processes[peer]?.digests else { return directives }
    processes[peer]?.digests = detail.digests
    processes[peer]?.limits = ExpertProcess.Limits(hello)
    if case .waiting(let number, _) = reload?.phase, let awaited = models[number]?.digest,
      before.contains(awaited), !detail.digests.contains(awaited)
    {
      // It still had the model from earlier, so it was not asked, and has let it go since.
      askToReload(peer, &directives)
    }
    reconsiderEligibility(now: now, &directives)
    switchIfReady(now: now, &directives)
    return directives
  }

  /// Serves the new model as soon as every expert index that serves the old one has it.
  mutating func switchIfReady(now: UInt64, _ directives: inout [Directive]) {
    guard case .waiting(let number, _) = reload?.phase, let next = models[number] else { return }
    guard lacking(model: number).isEmpty, usable[number]?.experts.isEmpty == false || !isServedByAnyone else { return }
    directives.append(.log(.notice("model \(next.digest.short) is served in the place of \(model.digest.short)")))
    model = next
    probe = nil
    directives.append(.announce(to: .clients))
    endReload(.success(next.digest), &directives)
    retireModels(now: now, &directives)
  }

  /// Whether an expert, and be it suspect, is there to answer for the served model.
  private var isServedByAnyone: Bool {
    processes.values.contains { $0.state == .serving && $0.digests.contains(model.digest) }
  }

  /// Ends a reload that experts do not follow in time.
  mutating func giveUpOverdueReload(now: UInt64, _ directives: inout [Directive]) {
    // An expert that was waited for may have become suspect since.
    switchIfReady(now: now, &directives)
    guard case .waiting(let number, let until) = reload?.phase, until <= now else { return }
    let lacking = lacking(model: number)
    let names = (0..<model.description.expertCount).filter(lacking.contains(expert:)).map(String.init)
    let time = "within \(configuration.reloadTimeout / 1_000_000_000) s"
    let error = ProtocolError(
      .timeout,
      names.isEmpty
        ? "reload: \(time) no expert is up that has loaded the model"
        : "reload: \(time) these experts have not loaded the model: " + names.joined(separator: ", "))
    giveUpReload(of: number, error, now: now, &directives)
  }

  private mutating func giveUpReload(
    of number: Int, _ error: ProtocolError, now: UInt64, _ directives: inout [Directive]
  ) {
    endReload(.failure(error), &directives)
    retire(number, now: now, &directives)
  }

  private mutating func endReload(_ outcome: Result<SHA256Digest, ProtocolError>, _ directives: inout [Directive]) {
    guard let ended = reload else { return }
    reload = nil
    if case .failure(let error) = outcome {
      directives.append(.log(.error("\(error.message); \(model.digest.short) is served as before")))
    }
    for asker in ended.askedBy {
      let message: Message =
        switch outcome {
        case .success(let digest): .reloaded(Reloaded(modelDigest: digest))
        case .failure(let error): .error(error)
        }
      directives.append(.send(asker.peer, message, requestID: asker.requestID))
    }
  }

  /// Lets models go that no request and no reload needs.
  mutating func retireModels(now: UInt64, _ directives: inout [Directive]) {
    guard models.count > 1 else { return }
    for number in models.keys.sorted() where number != model.number {
      if case .waiting(number, _) = reload?.phase { continue }
      guard !requests.values.contains(where: { $0.model == number }) else { continue }
      retire(number, now: now, &directives)
      // Not before: an expert that hears of the new model lets the old one go.
      if number < model.number { directives.append(.announce(to: .experts)) }
    }
  }

  /// Lets a model go, and with it the experts that hold no other.
  private mutating func retire(_ number: Int, now: UInt64, _ directives: inout [Directive]) {
    models[number] = nil
    directives.append(.retire(model: number))
    reconsiderEligibility(now: now, &directives)
  }
}
