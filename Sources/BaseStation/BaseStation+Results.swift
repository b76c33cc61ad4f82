import Digests
import MixtureOfExperts
import Radio
import WireProtocol

/// From the experts' answers to the client's result.
extension BaseStation {
  /// Combines a sample's outputs once as many experts have answered as it wants, or all that it has been sent to.
  mutating func settleIfAnswered(_ index: SampleIndex, now: UInt64, _ directives: inout [Directive]) {
    guard let sample = sample(index), sample.routing != nil, sample.outcome == nil
    else { return }
    if !sample.hasLegsUnderWay || sample.answers >= sample.wantedAnswers {
      combineAnswers(of: index, now: now, &directives)
    } else if let enough = configuration.minimumAnswers, sample.answers >= enough, !sample.isCuttingOff {
      withSample(index) { $0.isCuttingOff = true }
      cutOffs.append((now + configuration.stragglerTime, index))
      wakeUp(at: now + configuration.stragglerTime, &directives)
    }
  }

  /// Settles the images that have waited long enough for their slowest experts.
  mutating func settleCutOff(now: UInt64, _ directives: inout [Directive]) {
    while let first = cutOffs.first, first.due <= now {
      cutOffs.removeFirst()
      guard let sample = sample(first.index), sample.outcome == nil else { continue }
      counters.cutOffs += 1
      combineAnswers(of: first.index, now: now, &directives)
    }
    if let next = cutOffs.first { wakeUp(at: next.due, &directives) }
  }

  /// Makes one answer of those that have come; nobody waits for the others any more.
  private mutating func combineAnswers(of index: SampleIndex, now: UInt64, _ directives: inout [Directive]) {
    guard let model = models[model(of: index)], let sample = sample(index), let routed = sample.routing
    else { return }
    for leg in sample.legs where leg.isUnderWay { release(leg, &directives) }
    guard sample.answers > 0 else { return settleWithoutExperts(index, now: now, &directives) }
    var scores: [Float] = []
    var shares: [InferenceResult.ExpertShare] = []
    var block = sample.block
    for leg in sample.legs.sorted(by: { $0.expert < $1.expert }) {
      guard case .answered(let own, let snrDB, let carriedBlock, let delivery) = leg.state else { continue }
      scores.append(contentsOf: own)
      block = carriedBlock
      shares.append(
        InferenceResult.ExpertShare(
          expert: UInt16(leg.expert), process: leg.process, node: leg.node,
          weight: routed.routing.weight(ofExpert: leg.expert, image: routed.row), tag: sample.tag,
          attempt: leg.attempt, snrDB: snrDB, delivery: delivery))
    }
    let (prediction, probabilities) = combine(scores, shares, by: model.description)
    settle(
      index, .classified(prediction, probabilities, block: block, use: sample.use, shares: shares),
      now: now, &directives)
  }

  /// No expert is left: the base station's own answer, where it has some, or the client is told; where the time is up, too, by
  /// the next tick.
  private mutating func settleWithoutExperts(_ index: SampleIndex, now: UInt64, _ directives: inout [Directive]) {
    guard isWanted(index, now: now), let request = requests[index.request] else { return }
    guard configuration.fallsBackToLocalExperts else {
      let error = ProtocolError(
        .noExpert, "no expert is left that could take the image",
        retryAfterMicroseconds: configuration.retryAfterMicroseconds)
      return settle(index, .failed(error), now: now, &directives)
    }
    let image = FallbackBatch.Image(
      index: index, pixels: request.pixels, tag: request.samples[index.image].tag, deadline: request.deadline)
    if case .fallBack(var batch) = directives.last, batch.model == request.model,
      batch.count < configuration.maximumBatch
    {
      batch.images.append(image)
      directives[directives.count - 1] = .fallBack(batch)
    } else {
      directives.append(.fallBack(FallbackBatch(model: request.model, images: [image])))
    }
  }

  /// The base station's own experts have classified images.
  package mutating func onFallback(_ answers: [FallbackBatch.Answer], to batch: FallbackBatch, now: UInt64)
    -> [Directive]
  {
    var directives: [Directive] = []
    for (image, answer) in zip(batch.images, answers) {
      guard let sample = sample(image.index) else { continue }
      counters.fallbacks += 1
      let share = InferenceResult.ExpertShare(
        expert: UInt16(answer.expert), process: .max, node: Self.localNode, weight: 1, tag: sample.tag, attempt: 0,
        snrDB: nil)
      settle(
        image.index,
        .classified(
          answer.prediction, answer.probabilities, block: sample.block, use: sample.use, shares: [share]),
        now: now, &directives)
    }
    return directives
  }

  /// What stands for a node's name where the base station's own expert has answered.
  private static let localNode = "local"

  /// Mixes the experts' answers, `[shares, classes]`, by the gate's weights.
  private func combine(
    _ scores: [Float], _ shares: [InferenceResult.ExpertShare], by model: ModelDescription
  ) -> (prediction: Prediction, probabilities: [Float]) {
    let width = model.classCount
    var probabilities = [Float](repeating: 0, count: width)
    let prediction = scores.withUnsafeBufferPointer { scores in
      var answers = shares.enumerated().map { place, share in
        ExpertAnswer(
          expert: Int(share.expert), weight: share.weight,
          scores: UnsafeBufferPointer(rebasing: scores[place * width..<(place + 1) * width]))
      }
      return probabilities.withUnsafeMutableBufferPointer { model.combination.combine(&answers, into: $0) }
    }
    return (prediction, probabilities)
  }

  /// The message that answers a request whose samples are all settled.
  func result(of request: PendingRequest) -> InferenceResult {
    guard let model = models[request.model] else { preconditionFailure("a request's model is in hand") }
    let classCount = request.wantsProbabilities ? model.description.classCount : 0
    var probabilities: [Float] = []
    for sample in request.samples where classCount > 0 {
      if case .classified(_, let distribution, _, _, _) = sample.outcome {
        probabilities.append(contentsOf: distribution)
      } else {
        probabilities.append(contentsOf: repeatElement(0, count: classCount))
      }
    }
    var result = InferenceResult(
      modelDigest: model.digest, link: configuration.link, gate: configuration.policy.rawValue,
      capacity: request.samples.count, classCount: classCount,
      probabilities: probabilities.isEmpty ? .empty : FloatPayload(probabilities))
    for sample in request.samples {
      switch sample.outcome {
      case .classified(let prediction, _, let block, let use, let shares):
        result.appendClassified(
          classIndex: UInt16(prediction.classIndex), probability: prediction.probability, block: block, use: use,
          experts: shares)
      case .failed(let error): result.appendFailed(error)
      case nil: preconditionFailure("a request with an unsettled image has no result")
      }
    }
    if request.wantsExplanations { result.explanations = request.samples.map { Explanation(of: $0, in: request) } }
    return result
  }
}

extension Explanation {
  fileprivate init(of sample: Sample, in request: PendingRequest) {
    func microseconds(_ start: UInt64, _ end: UInt64) -> UInt32 {
      UInt32(clamping: end > start ? (end - start) / 1000 : 0)
    }
    guard let routed = sample.routing else {
      self.init(
        waitingMicroseconds: microseconds(request.arrivedAt, sample.settledAt), computingMicroseconds: 0,
        answeringMicroseconds: 0, candidates: [])
      return
    }
    let K = routed.routing.expertCount
    self.init(
      waitingMicroseconds: microseconds(request.arrivedAt, routed.startedAt),
      computingMicroseconds: microseconds(routed.startedAt, routed.routedAt),
      answeringMicroseconds: microseconds(routed.routedAt, sample.settledAt),
      candidates: (0..<K).map { expert in
        let weight = routed.routing.weight(ofExpert: expert, image: routed.row)
        guard routed.eligible.contains(expert: expert) else {
          return Candidate(link: .down, weight: weight, snrDB: nil)
        }
        return switch routed.links[routed.row * K + expert] {
        case .ideal: Candidate(link: .ideal, weight: weight, snrDB: nil)
        case .known(let snrDB): Candidate(link: .known, weight: weight, snrDB: snrDB)
        case .unknown: Candidate(link: .unknown, weight: weight, snrDB: nil)
        }
      })
  }
}
