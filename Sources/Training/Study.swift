package import Datasets
import Foundation
package import MixtureOfExperts
package import Radio

/// A model's figures on test images: its experts on ideal links, and every gate over simulated ones with several seeds.
package struct Study: Codable, Hashable, Sendable {
  /// One gate over one law of links.
  package struct Row: Codable, Hashable, Sendable {
    package var law: String
    package var link: String
    package var gate: String
    package var topK: Int
    /// What follows when a digital link loses a latent; nil of other links.
    package var onDecodeFailure: String?
    /// Per cent right, over all seeds.
    package var accuracy: Interval
    /// Per cent right of each channel seed.
    package var accuracies: [Double]
    /// Per cent of images whose latents arrived as they were sent, up to quantisation and analog noise.
    package var delivered: Double?
    /// Means over images and seeds.
    package var radioPerImage: LinkUse.Mean?
  }

  /// Percentage points between two rows over the same images and draws.
  package struct Comparison: Codable, Hashable, Sendable {
    package var law: String
    package var link: String
    package var better: String
    package var than: String
    package var onDecodeFailure: String?
    package var difference: Interval
  }

  package var model: String
  package var modelDigest: String
  package var images: Int
  package var seeds: [UInt64]
  package var clean: CleanFigures
  package var rows: [Row] = []
  package var comparisons: [Comparison] = []
  package var training: TrainingRecord?

  /// A law of the links' SNR under its name.
  package struct Law: Sendable {
    package let name: String
    package let configuration: LinkConfiguration

    /// The paper's law in both readings, and two harsher ones under which links matter more.
    package static let all = [
      Law(name: "N(30, 50²) dB before fading", configuration: LinkConfiguration()),
      Law(name: "N(30, 50²) dB after fading", configuration: LinkConfiguration(snrReference: .postFading)),
      Law(name: "N(10, 5²) dB before fading", configuration: LinkConfiguration(snrMeanDB: 10, snrStdDB: 5)),
      Law(name: "N(5, 5²) dB before fading", configuration: LinkConfiguration(snrMeanDB: 5, snrStdDB: 5)),
    ]
  }

  /// - Parameter progress: told the number of images classified so far, from time to time.
  package init(
    _ model: MixtureModel, digest: String, images: ImageSet, seeds: [UInt64], laws: [Law] = Law.all,
    progress: (Int) -> Void = { _ in }
  ) throws {
    self.model = model.description.name
    modelDigest = digest
    self.images = images.count
    self.seeds = seeds
    training = model.description.training
    guard let gate = model.gates[.base] else {
      throw ModelBundleError.noSuchGate(model: model.description.name, kind: .base, available: [])
    }
    let z = Latents.of(images, backbone: model.backbone, normalisation: model.description.normalisation)
    clean = CleanFigures(z: z, labels: images.labels, gate: gate, experts: model.experts)
    var done = 0
    func run(_ arm: Arm, _ law: Law, over seeds: [UInt64]) throws -> SeededRuns {
      var runs: [Evaluation] = []
      for seed in seeds {
        runs.append(try Evaluation(model, arm.settings(law, seed: seed), latents: z, labels: images.labels))
        done += images.count
        progress(done)
      }
      let right = SeededRuns(isRight: runs.map { $0.outcomes.map(\.isCorrect) })
      rows.append(Row(law: arm.link == .ideal ? "ideal links" : law.name, arm, right, runs))
      return right
    }
    let ideal = try run(Arm(.base, .ideal), laws[0], over: [0])
    let base = SeededRuns(isRight: seeds.map { _ in ideal.isRight[0] })
    for (place, law) in laws.enumerated() {
      var results: [Arm: SeededRuns] = [:]
      for arm in Self.arms(of: model, isFirstLaw: place == 0) { results[arm] = try run(arm, law, over: seeds) }
      for arm in results.keys.sorted(by: Arm.precedes) where arm.policy == .channelAware && arm.topK == 1 {
        for rival in [GatePolicy.bestSNR, .naive] {
          guard let others = results[arm.with(rival)], let aware = results[arm] else { continue }
          compare(aware, others, arm, than: rival.rawValue, law.name)
        }
        if let aware = results[arm] { compare(aware, base, arm, than: "base on ideal links", law.name) }
      }
    }
  }

  /// How many evaluations a study of a model takes.
  package static func evaluationCount(of model: MixtureModel, seeds: Int, laws: Int = Law.all.count) -> Int {
    1 + seeds * (0..<laws).reduce(0) { $0 + arms(of: model, isFirstLaw: $1 == 0).count }
  }

  private mutating func compare(
    _ a: SeededRuns, _ b: SeededRuns, _ arm: Arm, than other: String, _ law: String
  ) {
    comparisons.append(
      Comparison(
        law: law, link: arm.link.name, better: arm.policy.rawValue, than: other,
        onDecodeFailure: arm.onDecodeFailure?.name, difference: a.difference(from: b)))
  }
}
