import MixtureOfExperts
import Radio
import Transport
import WireProtocol

/// From the gate's ranking to the experts.
extension BaseStation {
  /// What goes to one process, of one model: as much as the process takes in one frame.
  private struct Frame {
    let peer: PeerID
    /// How many latents it may hold.
    let capacity: Int
    var dispatch: OutgoingDispatch
    var samples: [SampleIndex] = []

    func takesMore(to peer: PeerID, of model: ServedModel) -> Bool {
      self.peer == peer && dispatch.model.number == model.number && samples.count < capacity
    }
  }

  /// Sends every sample that is wanted to the experts that it lacks in its present round, and settles those for which none is
  /// left.
  mutating func dispatch(_ indices: [SampleIndex], now: UInt64, _ directives: inout [Directive]) {
    var frames: [Frame] = []
    for index in indices where isWanted(index, now: now) {
      addTransmissions(of: index, to: &frames, now: now)
      goOn(with: index, &frames, now: now, &directives)
    }
    send(frames, now: now, &directives)
  }

  /// Goes on with samples of which answers have come, or will not come: to their next round, or their outcome.
  mutating func goOn(with indices: [SampleIndex], now: UInt64, _ directives: inout [Directive]) {
    var frames: [Frame] = []
    for index in indices { goOn(with: index, &frames, now: now, &directives) }
    send(frames, now: now, &directives)
  }

  private mutating func goOn(
    with index: SampleIndex, _ frames: inout [Frame], now: UInt64, _ directives: inout [Directive]
  ) {
    while beginsNextRound(index, now: now) {
      counters.lossRedispatches += UInt64(addTransmissions(of: index, to: &frames, now: now))
    }
    settleIfAnswered(index, now: now, &directives)
  }

  /// Sends every sample to one expert more than it has, if there is one that has not had it.
  mutating func dispatchHedges(_ indices: [SampleIndex], now: UInt64, _ directives: inout [Directive]) {
    var frames: [Frame] = []
    for index in indices {
      guard let sample = sample(index) else { continue }
      let up = usable[model(of: index)]?.experts ?? []
      let round = nextRound(of: sample, wanting: 1, among: up.subtracting(sample.tried), now: now, index)
      for expert in round?.experts ?? [] {
        add(sample, index, to: expert, onFailure: .erasure, attempt: 0, &frames, now: now)
      }
      withSample(index) { $0.hedges += $0.legs.count - sample.legs.count }
    }
    send(frames, now: now, &directives)
  }

  /// Whether an expert has not had the image's latent yet, or might answer from the training mean after its link has lost it.
  func hasExpertToAsk(_ sample: Sample, _ index: SampleIndex) -> Bool {
    let up = usable[model(of: index)]?.experts ?? []
    return !up.subtracting(sample.tried).isEmpty || sample.legs.isEmpty && !up.intersection(sample.lost).isEmpty
  }

  /// Puts a sample's latent into the frames of the processes that it goes to now.
  ///
  /// - Returns: how many those are.
  @discardableResult
  private mutating func addTransmissions(of index: SampleIndex, to frames: inout [Frame], now: UInt64) -> Int {
    guard let sample = sample(index) else { return 0 }
    let up = usable[model(of: index)]?.experts ?? []
    let wanted = openPlaces(of: sample)
    var attempt: UInt32 = 0
    var round = nextRound(of: sample, wanting: wanted, among: up.subtracting(sample.tried), now: now, index)
    if round?.experts.isEmpty == true, sample.legs.isEmpty, sample.lostInRound == 0 {
      // Nobody is left that has not had it: the best of those whose link lost it answers from the training mean.
      round = nextRound(of: sample, wanting: 1, among: up.intersection(sample.lost), now: now, index, by: .erasure)
      attempt = 1
    }
    guard let round else { return 0 }
    for expert in round.experts {
      add(sample, index, to: expert, onFailure: round.onFailure, attempt: attempt, &frames, now: now)
    }
    return round.experts.count
  }

  /// To how many more experts a sample goes in its present round. A hedge is one more than it wants, so that it takes the
  /// place of whichever of the others is lost or fails.
  func openPlaces(of sample: Sample) -> Int {
    max(0, configuration.topK - sample.legs.count - sample.lostInRound)
  }

  /// The experts that are asked next, by the gate and, where they count, by their load and computation.
  private func nextRound(
    of sample: Sample, wanting count: Int, among candidates: ExpertSet, now: UInt64, _ index: SampleIndex,
    by policy: DecodeFailurePolicy? = nil
  ) -> LossRule.Round? {
    guard let routed = sample.routing, sample.latent != nil else { return nil }
    let rule = policy.map { LossRule(policy: $0) } ?? configuration.lossRule
    return rule.round(
      sample.round, of: routed.row, wanting: count, among: candidates, by: routed.routing,
      penalties: penalties(index, block: sample.block, now: now))
  }

  /// What counts against each expert beside the gate, in units of ln g, `[K]`; nil where nothing does.
  private func penalties(_ index: SampleIndex, block: UInt64, now: UInt64) -> [Float]? {
    let number = model(of: index)
    let prices = models[number].flatMap { configuration.computePrice.penalties($0.expertMultiplyAdds) }
    guard let loadRule = configuration.loadRule else { return prices }
    let deadline = requests[index.request]?.deadline ?? now
    let loads = waits(block: block, model: number).map {
      loadRule.penalty(ofWait: $0, remaining: deadline > now ? deadline - now : 0)
    }
    return prices.map { zip(loads, $0).map(+) } ?? loads
  }

  /// When each expert is expected to answer one more latent, in nanoseconds from now. `[K]`
  private func waits(block: UInt64, model: Int) -> [UInt64] {
    (usable[model]?.byExpert.indices ?? 0..<0).map {
      bestProcess(for: $0, block: block, model: model)?.expectedWait ?? 0
    }
  }

  /// Puts one transmission into the frame of the best process of `expert`, noted in the sample as sent.
  private mutating func add(
    _ sample: Sample, _ index: SampleIndex, to expert: Int, onFailure: DecodeFailurePolicy, attempt: UInt32,
    _ frames: inout [Frame], now: UInt64
  ) {
    guard let deadline = requests[index.request]?.deadline, let model = models[model(of: index)],
      let latent = sample.latent,
      let process = bestProcess(for: expert, block: sample.block, model: model.number)
    else { return }
    let known = frames.lastIndex { $0.takesMore(to: process.peer, of: model) }
    let place = known ?? frames.count
    if known == nil {
      frames.append(
        Frame(
          peer: process.peer, capacity: latentsInOneFrame(to: process, of: model),
          dispatch: OutgoingDispatch(id: countQuestion(), model: model, latents: [], deadlineMicroseconds: 0)))
    }
    let expectedLoss = process.snrDB(block: sample.block).flatMap { snrDB in
      configuration.link == .digital ? model.packetErrors.lossProbability(snrDB: Double(snrDB)) : nil
    }
    withSample(index) { sample in
      sample.tried.insert(expert: expert)
      sample.lost.remove(expert: expert)
      sample.legs.append(
        Leg(
          expert: expert, process: process.linkProcess, node: process.node, attempt: attempt, onFailure: onFailure,
          dispatch: frames[place].dispatch.id, expectedLoss: expectedLoss, state: .underWay))
    }
    processes[process.peer]?.inFlight += 1
    frames[place].samples.append(index)
    frames[place].dispatch.latents.append(
      DispatchedLatent(
        latent: latent, item: Dispatch.Item(block: sample.block, tag: sample.tag, attempt: attempt),
        onFailure: onFailure))
    frames[place].dispatch.deadlineMicroseconds = max(
      frames[place].dispatch.deadlineMicroseconds, UInt32(clamping: max((deadline - now) / 1000, 1)))
  }

  private mutating func send(_ frames: [Frame], now: UInt64, _ directives: inout [Directive]) {
    for frame in frames.sorted(by: { ($0.peer, $0.dispatch.id) < ($1.peer, $1.dispatch.id) }) {
      guard let process = processes[frame.peer] else { continue }
      let dispatched = OutstandingDispatch(
        peer: frame.peer, expert: process.expert, model: frame.dispatch.model.number, samples: frame.samples,
        sentAt: now, wanted: frame.samples.count)
      note(dispatched, id: frame.dispatch.id, &directives)
      logDispatch(frame.dispatch.id, dispatched, &directives)
      directives.append(.dispatch(frame.peer, frame.dispatch))
    }
  }

  /// Keeps a dispatch until it is answered or given up, and has the shell look after it in time.
  mutating func note(_ dispatch: OutstandingDispatch, id: UInt64, _ directives: inout [Directive]) {
    dispatches[id] = dispatch
    processes[dispatch.peer]?.dispatches.append(id)
    guard let process = processes[dispatch.peer] else { return }
    wakeUp(at: dispatch.sentAt + replyTimeout(of: process), &directives)
    if configuration.hedgeBudget > 0, let late = process.replyTime.late {
      wakeUp(at: dispatch.sentAt + late, &directives)
    }
  }

  /// Ends a sample's round of transmissions once nothing of it is under way.
  ///
  /// - Returns: whether a further round begins, because links have lost some of it, it lacks answers and is wanted.
  private mutating func beginsNextRound(_ index: SampleIndex, now: UInt64) -> Bool {
    guard let sample = sample(index), sample.lostInRound > 0, !sample.hasLegsUnderWay,
      sample.legs.count < configuration.topK, isWanted(index, now: now)
    else { return false }
    withSample(index) { sample in
      sample.round += 1
      sample.lostInRound = 0
    }
    return true
  }

  func model(of index: SampleIndex) -> Int { requests[index.request]?.model ?? model.number }
}
