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
    /// Per cent right, over all seeds.
    package var accuracy: Interval
    /// Per cent right of each channel seed.
    package var accuracies: [Double]
  }

  /// Percentage points between two rows over the same images and draws.
  package struct Comparison: Codable, Hashable, Sendable {
    package var law: String
    package var link: String
    package var better: String
    package var than: String
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
    func runs(
      _ policy: GatePolicy, _ link: LinkKind, topK: Int = 1, _ law: Law, over seeds: [UInt64]
    ) throws -> SeededRuns {
      SeededRuns(
        isRight: try seeds.map { seed in
          var settings = EvaluationSettings(policy: policy, link: link, topK: topK, configuration: law.configuration)
          settings.configuration.seed = seed
          let evaluation = try Evaluation(model, settings, images: images)
          done += images.count
          progress(done)
          return evaluation.outcomes.map(\.isCorrect)
        })
    }
    let base = try runs(.base, .ideal, laws[0], over: [0])
    add(base, law: "ideal links", .ideal, .base, topK: 1)
    for (place, law) in laws.enumerated() {
      // All gates under the paper's law; elsewhere those that the comparison needs.
      let policies = place == 0 ? GatePolicy.allCases : [.channelAware, .naive, .bestSNR]
      var byPolicy: [GatePolicy: SeededRuns] = [:]
      for policy in policies where policy.gate.map({ model.gates[$0] != nil }) ?? true {
        let result = try runs(policy, .analog, law, over: seeds)
        byPolicy[policy] = result
        add(result, law: law.name, .analog, policy, topK: 1)
      }
      guard let aware = byPolicy[.channelAware] else { continue }
      for k in [2, 3] where place == 0 && k <= model.description.expertCount {
        add(try runs(.channelAware, .analog, topK: k, law, over: seeds), law: law.name, .analog, .channelAware, topK: k)
      }
      for rival in [GatePolicy.bestSNR, .naive] {
        guard let others = byPolicy[rival] else { continue }
        compare(aware, "channel-aware", others, rival.rawValue, law.name)
      }
      compare(
        aware, "channel-aware", SeededRuns(isRight: seeds.map { _ in base.isRight[0] }), "base on ideal links", law.name
      )
    }
  }

  /// How many evaluations a study of a model with all gates takes.
  package static func evaluationCount(seeds: Int, laws: Int = Law.all.count) -> Int {
    1 + seeds * (GatePolicy.allCases.count + 2 + 3 * (laws - 1))
  }

  private mutating func add(_ runs: SeededRuns, law: String, _ link: LinkKind, _ policy: GatePolicy, topK: Int) {
    rows.append(
      Row(
        law: law, link: link.name, gate: policy.rawValue, topK: topK, accuracy: runs.accuracy,
        accuracies: runs.accuracies))
  }

  private mutating func compare(
    _ a: SeededRuns, _ better: String, _ b: SeededRuns, _ than: String, _ law: String
  ) {
    comparisons.append(
      Comparison(law: law, link: "analog", better: better, than: than, difference: a.difference(from: b)))
  }
}
