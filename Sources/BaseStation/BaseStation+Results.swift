import Digests
import MixtureOfExperts
import Radio
import WireProtocol

/// From the experts' answers to the client's result.
extension BaseStation {
  /// Combines a sample's outputs once none is under way any more.
  mutating func settleIfAnswered(_ index: SampleIndex, _ directives: inout [Directive]) {
    guard let sample = requests[index.request]?.samples[index.image], let routed = sample.routing,
      !sample.legs.contains(where: \.isUnderWay)
    else { return }
    guard !sample.legs.isEmpty else {
      let error = ProtocolError(
        .noExpert, "no expert is left that could take the image",
        retryAfterMicroseconds: configuration.retryAfterMicroseconds)
      settle(index, .failed(error), &directives)
      return
    }
    var outputs: [Float] = []
    var shares: [InferenceResult.ExpertShare] = []
    var block = sample.block
    for leg in sample.legs.sorted(by: { $0.expert < $1.expert }) {
      guard case .answered(let output, let snrDB, let carriedBlock, let delivery) = leg.state else { continue }
      outputs.append(contentsOf: output)
      block = carriedBlock
      shares.append(
        InferenceResult.ExpertShare(
          expert: UInt16(leg.expert), process: leg.process, node: leg.node,
          weight: routed.routing.weight(ofExpert: leg.expert, image: routed.row), tag: sample.tag,
          attempt: leg.attempt, snrDB: snrDB, delivery: delivery))
    }
    let (prediction, probabilities) = combine(outputs, shares)
    settle(
      index, .classified(prediction, probabilities, block: block, use: sample.use, shares: shares), &directives)
  }

  /// Mixes the experts' outputs, `[shares, outputs]`, by the gate's weights.
  private func combine(
    _ outputs: [Float], _ shares: [InferenceResult.ExpertShare]
  ) -> (prediction: Prediction, probabilities: [Float]) {
    let width = model.outputCount
    var probabilities = [Float](repeating: 0, count: width)
    let prediction = outputs.withUnsafeBufferPointer { outputs in
      var answers = shares.enumerated().map { place, share in
        ExpertAnswer(
          expert: Int(share.expert), weight: share.weight,
          outputs: UnsafeBufferPointer(rebasing: outputs[place * width..<(place + 1) * width]))
      }
      return probabilities.withUnsafeMutableBufferPointer { model.combination.combine(&answers, into: $0) }
    }
    return (prediction, probabilities)
  }

  /// The message that answers a request whose samples are all settled.
  func result(of request: PendingRequest) -> InferenceResult {
    let classCount = request.wantsProbabilities ? model.outputCount : 0
    var probabilities: [Float] = []
    for sample in request.samples where classCount > 0 {
      if case .classified(_, let distribution, _, _, _) = sample.outcome {
        probabilities.append(contentsOf: distribution)
      } else {
        probabilities.append(contentsOf: repeatElement(0, count: classCount))
      }
    }
    var result = InferenceResult(
      modelDigest: digest, link: configuration.link, gate: configuration.policy.rawValue,
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
    return result
  }
}
