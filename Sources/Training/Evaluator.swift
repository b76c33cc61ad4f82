package import Datasets
package import MixtureOfExperts
package import Radio
import Tensors

/// What an evaluation is of: which gate, over which links, with how many experts an image.
package struct EvaluationSettings: Hashable, Sendable {
  package var policy: GatePolicy
  package var link: LinkKind
  /// Experts an image is sent to.
  package var topK: Int
  /// The base station's id; with an expert's index it keys that link's randomness.
  package var baseStation: UInt32
  package var configuration: LinkConfiguration

  package init(
    policy: GatePolicy = .channelAware, link: LinkKind = .analog, topK: Int = 1, baseStation: UInt32 = 0,
    configuration: LinkConfiguration = LinkConfiguration()
  ) {
    self.policy = policy
    self.link = link
    self.topK = topK
    self.baseStation = baseStation
    self.configuration = configuration
  }
}

/// One image's way through the whole system, in one process: what base station, links and experts do together, with the
/// `request` clock. Block and tag are the image's index, the attempt is 0, expert k is process k.
///
/// The networked run of the same settings gives the same predictions.
package struct Evaluator: Sendable {
  package let settings: EvaluationSettings
  private let model: MixtureModel
  private let router: Router
  private let links: [SimulatedLink]
  private let everybody: ExpertSet

  package init(_ model: MixtureModel, _ settings: EvaluationSettings) throws {
    guard settings.link != .digital else { throw TrainingError.unavailable("--link digital: not built yet") }
    let description = model.description
    guard (1...description.expertCount).contains(settings.topK) else {
      throw TrainingError.mismatch(
        field: "--top-k", expected: "1 to \(description.expertCount)", received: "\(settings.topK)")
    }
    self.model = model
    self.settings = settings
    router = try Router(
      settings.policy, gates: model.gates, description: description, link: settings.link,
      baseStation: settings.baseStation, seed: settings.configuration.seed)
    links = try (0..<description.expertCount).map { k in
      try SimulatedLink(
        configuration: settings.configuration, id: LinkID(baseStation: settings.baseStation, process: UInt32(k)))
    }
    everybody = .all(description.expertCount)
  }

  /// Refuses images that the model cannot classify.
  package func check(_ images: ImageSet) throws(TrainingError) {
    let (shape, expected) = (images.shape, model.description.inputShape)
    guard shape == expected else {
      throw .mismatch(field: "images", expected: "\(expected)", received: "\(shape)")
    }
    let classes = model.description.outputCount
    guard images.classNames.count <= classes else {
      throw .mismatch(
        field: "classes of \(images.name)", expected: "at most \(classes)", received: "\(images.classNames.count)")
    }
  }

  /// Classifies image `index` of a set.
  package func outcome(of images: ImageSet, at index: Int) -> EvaluationOutcome {
    let description = model.description
    let shape = description.inputShape
    let x = Tensor([1, shape.channels, shape.height, shape.width]) { x in
      images.pixels.withUnsafeBufferPointer { pixels in
        let image = UnsafeBufferPointer(rebasing: pixels[index * shape.count..<(index + 1) * shape.count])
        description.normalisation.normalise(image, into: x, imageCount: 1)
      }
    }
    let z = model.backbone(x)
    let block = UInt64(index)
    // What the experts would report; the air acts by the true state, and results tell that one.
    let states = links.map {
      settings.link == .ideal ? .ideal : LinkState.known(snrDB: $0.reportedSNRDB(ofBlock: block))
    }
    let routing = router.route(z, links: states, eligible: [everybody], tags: [block])
    let chosen = routing.top(settings.topK, image: 0)
    let outputs = chosen.map { k in
      var received = z
      received.withUnsafeMutableBufferPointer { latent in
        _ = links[k].carry(
          latent, powerScaling: description.powerScaling, kind: settings.link, block: block, tag: block, attempt: 0)
      }
      return model.experts[k](received)
    }
    let prediction = combine(chosen, outputs, routing)
    let first = chosen[0]
    return EvaluationOutcome(
      index: index, label: images.labels[index], prediction: prediction, expert: first, experts: chosen,
      block: block, snrDB: settings.link == .ideal ? nil : links[first].state(ofBlock: block).snrDB)
  }

  private func combine(_ chosen: [Int], _ outputs: [Tensor], _ routing: Routing) -> Prediction {
    let classes = model.description.outputCount
    return Tensor(stacking: outputs).withUnsafeBufferPointer { outputs in
      var answers = chosen.enumerated().map { place, k in
        ExpertAnswer(
          expert: k, weight: routing.weight(ofExpert: k, image: 0),
          outputs: UnsafeBufferPointer(rebasing: outputs[place * classes..<(place + 1) * classes]))
      }
      return withUnsafeTemporaryAllocation(of: Float.self, capacity: classes) { probabilities in
        model.description.combination.combine(&answers, into: probabilities)
      }
    }
  }
}

/// What became of one image.
package struct EvaluationOutcome: Hashable, Sendable {
  package let index: Int
  package let label: Int
  package let prediction: Prediction
  /// The expert with the largest weight.
  package let expert: Int
  /// All experts that were asked, best first.
  package let experts: [Int]
  package let block: UInt64
  /// Instantaneous SNR of the carried block on that expert's link, dB; nil for an ideal link.
  package let snrDB: Float?

  package var isCorrect: Bool { prediction.classIndex == label }

  /// The outcome's line in a predictions file.
  package var line: String {
    PredictionLine(
      index: index, label: label, classIndex: prediction.classIndex, probability: prediction.probability,
      expert: expert, block: block, snrDB: snrDB
    ).json
  }
}
