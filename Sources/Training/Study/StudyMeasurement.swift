package import MixtureOfExperts
import Radio
package import Tensors

/// A study while its single images are still known, so that models can be compared image by image.
package struct StudyMeasurement: Sendable {
  /// One gate over one kind of link under one law.
  struct Arm: Hashable {
    let law: Law
    let link: StudyLink
    let gate: EvaluatedGate
    let topK: Int
  }

  package private(set) var study: Study
  private var runs: [Arm: SeededRuns] = [:]

  /// - Parameters:
  ///   - digest: names the model.
  ///   - z: the images' latents, `[images, N_F]`.
  ///   - progress: told how many of the plan's runs are done.
  ///   - isInterrupted: asked before every run.
  /// - Throws: where the model lacks a gate that the plan names, or the table for digital links; `interrupted`.
  package init(
    _ model: MixtureModel, digest: String, latents z: Tensor, labels: [Int], plan: StudyPlan,
    progress: (Int) -> Void = { _ in }, isInterrupted: () -> Bool = { false }
  ) throws {
    guard let gate = model.gates[.base] else {
      throw ModelBundleError.noSuchGate(model: model.description.name, kind: .base, available: [])
    }
    study = Study(
      model: model.description.name, modelDigest: digest, images: labels.count, channelSeeds: plan.channelSeeds,
      clean: CleanFigures(z: z, labels: labels, gate: gate, experts: model.experts, head: model.head))
    var done = 0
    for condition in plan.conditions {
      for link in condition.links {
        var outcomes: [[[EvaluationOutcome]]] = []
        for seed in plan.channelSeeds {
          if isInterrupted() { throw TrainingError.interrupted }
          outcomes.append(
            try Self.outcomes(
              of: model,
              condition.arms.map { arm in
                var settings = EvaluationSettings(
                  gate: arm.gate, link: link.kind, topK: arm.topK,
                  configuration: condition.law.configuration(seed: seed))
                if let policy = link.onDecodeFailure { settings.lossRule.policy = policy }
                return settings
              }, latents: z, labels: labels))
          done += 1
          progress(done)
        }
        for (place, arm) in condition.arms.enumerated() {
          record(
            Arm(law: condition.law, link: link, gate: arm.gate, topK: arm.topK), outcomes.map { $0[place] })
        }
      }
    }
    try compare(
      withBase: SeededRuns(
        isRight: [
          Self.outcomes(
            of: model, [EvaluationSettings(gate: .policy(.base), link: .ideal)], latents: z, labels: labels)[0]
            .map(\.isCorrect)
        ]))
  }

  /// What becomes of every image by each gate, all of them over the same links. `[gates][images]`
  ///
  /// Links with a memory are drawn anew for every image, as base station `index` has them: devices elsewhere, at another time.
  /// So images are independent under every law, as intervals take them to be, and a law's figures are not those of the few
  /// places at which one set of devices would be.
  private static func outcomes(
    of model: MixtureModel, _ settings: [EvaluationSettings], latents z: Tensor, labels: [Int]
  ) throws -> [[EvaluationOutcome]] {
    let shared = try settings.map { try Evaluator(model, $0) }
    let hasMemory = settings.contains { $0.configuration.hasMemory }
    let pieces = shards(of: labels.count, size: 50)
    let parts = try parallelMap(pieces.count) { piece in
      Result {
        try pieces[piece].map { index in
          let evaluators =
            hasMemory ? try settings.map { try Evaluator(model, $0.ofBaseStation(UInt32(index))) } : shared
          let latent = z.selectingRows([index])
          var arrivals = try Arrivals(of: latent, over: evaluators[0].air, block: UInt64(index))
          return evaluators.map { $0.outcome(of: latent, index: index, label: labels[index], over: &arrivals) }
        }
      }
    }.flatMap { try $0.get() }
    return settings.indices.map { place in parts.map { $0[place] } }
  }

  private mutating func record(_ arm: Arm, _ outcomes: [[EvaluationOutcome]]) {
    let right = SeededRuns(isRight: outcomes.map { $0.map(\.isCorrect) })
    runs[arm] = right
    let all = outcomes.joined()
    study.rows.append(
      Study.Row(
        law: arm.law.name, link: arm.link, gate: arm.gate, topK: arm.topK, accuracy: right.accuracy,
        accuracies: right.accuracies, delivered: 100 * Double(all.count(where: \.isDelivered)) / Double(all.count),
        radioPerImage: all.reduce(into: LinkUse()) { $0 += $1.use }.mean(over: all.count)))
  }

  /// The channel-aware gate's arms, in the order of the rows.
  private var aware: [(arm: Arm, runs: SeededRuns)] {
    let order = study.rows.map { "\($0.law) \($0.link.rawValue) \($0.topK)" }
    return runs.filter { $0.key.gate == .channelAware }
      .map { (place: order.firstIndex(of: "\($0.key.law.name) \($0.key.link.rawValue) \($0.key.topK)") ?? 0, run: $0) }
      .sorted { $0.place < $1.place }.map { ($0.run.key, $0.run.value) }
  }

  private mutating func compare(withBase base: SeededRuns) {
    for (arm, own) in aware {
      for rival in Study.rivals {
        guard let other = runs[Arm(law: arm.law, link: arm.link, gate: rival, topK: arm.topK)] else { continue }
        add(arm, than: rival.rawValue, own.difference(from: other))
      }
      add(arm, than: Study.baseOnIdealLinks, own.difference(from: base))
    }
  }

  /// Adds comparisons of the channel-aware gate with another model's best-SNR, on the same images and draws.
  package mutating func compare(with other: StudyMeasurement, named name: String) {
    for (arm, own) in aware {
      guard
        let rival = other.runs[Arm(law: arm.law, link: arm.link, gate: .policy(.bestSNR), topK: arm.topK)]
      else { continue }
      add(arm, than: name, own.difference(from: rival))
    }
  }

  private mutating func add(_ arm: Arm, than rival: String, _ difference: Interval) {
    study.comparisons.append(
      Study.Comparison(law: arm.law.name, link: arm.link, topK: arm.topK, than: rival, difference: difference))
  }
}
