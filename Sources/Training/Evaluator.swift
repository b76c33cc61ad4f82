package import Datasets
package import MixtureOfExperts
package import Radio
package import Tensors

/// What an evaluation is of: which gate, over which links, with how many experts an image.
package struct EvaluationSettings: Hashable, Sendable {
  package var gate: EvaluatedGate
  package var link: LinkKind
  /// What follows when a digital link loses a latent.
  package var lossRule: LossRule
  package var decisions: Decisions
  /// Experts an image is sent to; the oracle asks all of them and takes one.
  package var topK: Int
  /// How their computation counts against experts beside the gate.
  package var computePrice = ComputePrice.none
  /// The base station's id; with an expert's index it keys that link's randomness.
  package var baseStation: UInt32
  package var configuration: LinkConfiguration

  package init(
    gate: EvaluatedGate = .channelAware, link: LinkKind = .analog, lossRule: LossRule = LossRule(),
    decisions: Decisions = .soft, topK: Int = 1, baseStation: UInt32 = 0,
    configuration: LinkConfiguration = LinkConfiguration()
  ) {
    self.gate = gate
    self.link = link
    self.lossRule = lossRule
    self.decisions = decisions
    self.topK = topK
    self.baseStation = baseStation
    self.configuration = configuration
  }

  /// The same at another base station, which has other links to the experts.
  func ofBaseStation(_ id: UInt32) -> EvaluationSettings {
    var other = self
    other.baseStation = id
    return other
  }
}

/// One image's way through the whole system, in one process: what base station, links and experts do together, with the
/// `request` clock. Block and tag are the image's index, the attempt is 0, expert k is process k.
///
/// The networked run of the same settings gives the same predictions.
package struct Evaluator: Sendable {
  package let settings: EvaluationSettings
  let air: Air
  private let model: MixtureModel
  private let router: Router
  private let everybody: ExpertSet
  private let penalties: [Float]?

  /// - Throws: where the model lacks what the settings ask of it, or a setting is out of range.
  package init(_ model: MixtureModel, _ settings: EvaluationSettings) throws {
    let description = model.description
    guard (1...description.expertCount).contains(settings.topK) else {
      throw TrainingError.mismatch(
        field: "--top-k", expected: "1 to \(description.expertCount)", received: "\(settings.topK)")
    }
    guard settings.gate != .oracle || settings.topK == 1 else {
      throw TrainingError.mismatch(field: "--top-k", expected: "1 with the oracle", received: "\(settings.topK)")
    }
    self.model = model
    self.settings = settings
    air = try Air(model, settings)
    router = try Router(
      settings.gate.ranking, gates: model.gates, description: description, link: settings.link,
      baseStation: settings.baseStation, seed: settings.configuration.seed)
    everybody = .all(description.expertCount)
    penalties = settings.computePrice.penalties(description.expertMultiplyAdds)
  }

  /// Refuses images that the model cannot classify.
  package func check(_ images: ImageSet) throws(TrainingError) {
    let (shape, expected) = (images.shape, model.description.inputShape)
    guard shape == expected else {
      throw .mismatch(field: "images", expected: "\(expected)", received: "\(shape)")
    }
    try model.description.checkClasses(of: images, allowingFewer: true)
  }

  /// z = F(x) of image `index` of a set, `[1, N_F]`.
  package func latent(of images: ImageSet, at index: Int) -> Tensor {
    let description = model.description
    let shape = description.inputShape
    let x = Tensor([1, shape.channels, shape.height, shape.width]) { x in
      images.pixels.withUnsafeBufferPointer { pixels in
        let image = UnsafeBufferPointer(rebasing: pixels[index * shape.count..<(index + 1) * shape.count])
        description.normalisation.normalise(image, into: x, imageCount: 1)
      }
    }
    return model.backbone(x)
  }

  /// Classifies image `index`, of which z `[1, N_F]` is the latent.
  /// - Throws: ``LatentEncodingError`` where a digital link cannot carry z.
  package func outcome(of z: Tensor, index: Int, label: Int) throws(LatentEncodingError) -> EvaluationOutcome {
    var arrivals = try Arrivals(of: z, over: air, block: UInt64(index))
    return outcome(of: z, index: index, label: label, over: &arrivals)
  }

  /// The same, where other gates may have sent the latent over the same links before.
  func outcome(of z: Tensor, index: Int, label: Int, over arrivals: inout Arrivals) -> EvaluationOutcome {
    let block = UInt64(index)
    let routing = router.route(z, links: air.reports(ofBlock: block), eligible: [everybody], tags: [block])
    let wanted = settings.gate == .oracle ? everybody.count : settings.topK
    var answers: [Answer] = []
    var use = LinkUse()
    var left = everybody
    var number = 0
    repeat {
      number += 1
      let round = settings.lossRule.round(
        number, of: 0, wanting: wanted - answers.count, among: left, by: routing, penalties: penalties)
      for k in round.experts {
        left.remove(expert: k)
        let arrival = arrivals.arrival(atExpert: k, onFailure: round.onFailure)
        use += arrival.use
        guard let scores = arrival.scores, let delivery = arrival.delivery else { continue }
        answers.append(Answer(expert: k, scores: scores, delivery: delivery))
      }
    } while answers.count < wanted && !left.isEmpty
    if settings.gate == .oracle {
      answers = [answers.first { $0.scores.argmaxOfRows == [label] } ?? answers[0]]
    }
    let prediction = combine(answers, routing)
    // Of equal weights the lower index leads, as where answers come back in the order of the experts.
    let leading = answers.map(\.expert).sorted().max {
      routing.weight(ofExpert: $0, image: 0) < routing.weight(ofExpert: $1, image: 0)
    }
    guard let leading else { preconditionFailure("every image has an answer") }
    return EvaluationOutcome(
      index: index, label: label, prediction: prediction, expert: leading, experts: answers.map(\.expert), block: block,
      snrDB: air.snrDB(ofExpert: leading, block: block), use: use,
      isDelivered: answers.allSatisfy { $0.delivery == .intact })
  }

  private struct Answer {
    let expert: Int
    /// `[1, classes]`
    let scores: Tensor
    let delivery: Delivery
  }

  private func combine(_ chosen: [Answer], _ routing: Routing) -> Prediction {
    let classes = model.description.classCount
    return Tensor(stacking: chosen.map(\.scores)).withUnsafeBufferPointer { scores in
      var answers = chosen.enumerated().map { place, answer in
        ExpertAnswer(
          expert: answer.expert, weight: routing.weight(ofExpert: answer.expert, image: 0),
          scores: UnsafeBufferPointer(rebasing: scores[place * classes..<(place + 1) * classes]))
      }
      return withUnsafeTemporaryAllocation(of: Float.self, capacity: classes) { probabilities in
        model.description.combination.combine(&answers, into: probabilities)
      }
    }
  }
}
