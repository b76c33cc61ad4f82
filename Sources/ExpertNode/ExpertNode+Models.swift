import Digests
package import Transport
package import WireProtocol

/// The models that an expert holds: the newest, the one before until every base station serves the newest, and older ones
/// that a base station serves or that work is waiting for. Base stations that have gone count for some minutes as if they
/// were there.
extension ExpertNode {
  func model(_ digest: SHA256Digest) -> HeldModel? { models.first { $0.digest == digest } }

  var heldModels: String { models.map(\.digest.short).joined(separator: ", ") }

  /// The model's folder shall be read again: a base station asks, or a signal (`peer` is nil).
  package mutating func onReload(from peer: PeerID?, requestID: UInt64) -> [Directive] {
    let asker = peer.map { [(peer: $0, requestID: requestID)] } ?? []
    guard let askers = reload else {
      reload = asker
      return [.loadModel]
    }
    guard askers.count + asker.count <= Reloaded.maximumAskers else {
      let error = ProtocolError(.busy, "\(askers.count) questions wait for the outcome of a reload already")
      return asker.map { .send($0.peer, .error(error), requestID: $0.requestID) }
    }
    reload = askers + asker
    return []
  }

  /// The folder has been read.
  package mutating func onModelLoaded(_ outcome: Result<HeldModel, ProtocolError>) -> [Directive] {
    let askers = reload ?? []
    reload = nil
    var directives: [Directive] = []
    let answer: Message
    switch outcome {
    case .failure(let error):
      directives.append(.log(.error("the model is not loaded again, the old one stays in use: \(error.message)")))
      answer = .error(error)
    case .success(let loaded):
      directives += hold(loaded)
      answer = .reloaded(Reloaded(modelDigest: loaded.digest))
    }
    directives += askers.map { .send($0.peer, answer, requestID: $0.requestID) }
    return directives
  }

  private mutating func hold(_ loaded: HeldModel) -> [Directive] {
    if models[0] == loaded {
      // Who asks may have heard of older ones only.
      return [.log(.notice("model \(loaded.digest.short) is held already")), .announce]
    }
    var directives: [Directive] = [.log(.notice("model \(loaded.digest.short) is loaded"))]
    models.removeAll { $0 == loaded }
    models.insert(loaded, at: 0)
    // The newest and the one before stay, and of the older ones what is still needed.
    let needed = Set(waiting.map(\.dispatch.modelDigest)).union(servedModels)
    retire(models.dropFirst(2).filter { !needed.contains($0.digest) }, &directives)
    retire(Array(models.dropFirst(Hello.Expert.maximumDigests)), &directives)
    directives.append(.announce)
    return directives
  }

  /// A base station has said HELLO again: it serves another model.
  package mutating func onBaseStationServes(_ detail: Hello.BaseStation, peer: PeerID, now: UInt64) -> [Directive] {
    baseStations[peer]?.digest = detail.digest
    var directives: [Directive] = []
    retireModels(now: now, &directives)
    return directives
  }

  /// Lets the older models go once every base station serves the newest and nothing of the older is in hand.
  mutating func retireModels(now: UInt64, _ directives: inout [Directive]) {
    guard models.count > 1, jobsUnderWay == 0, waiting.isEmpty, !baseStations.isEmpty else { return }
    departed = departed.filter { $0.value.until > now }
    guard servedModels.allSatisfy({ $0 == models[0].digest }) else { return }
    retire(Array(models.dropFirst()), &directives)
    directives.append(.announce)
  }

  /// What base stations serve, those that are expected back among them.
  private var servedModels: [SHA256Digest] { baseStations.values.map(\.digest) + departed.values.map(\.digest) }

  private mutating func retire(_ old: [HeldModel], _ directives: inout [Directive]) {
    models.removeAll(where: old.contains)
    for model in old {
      directives += [.log(.notice("model \(model.digest.short) is let go")), .retire(model.digest)]
    }
  }
}
