import Datasets
package import MixtureOfExperts
package import Radio
import Tensors

/// Validation images sent once over fixed draws of every link, so that gates can be compared epoch after epoch at little cost.
package struct GateTrial: Sendable {
  private struct Trial {
    let name: String
    let codes: Tensor
    /// Whether Q_k(z~_k) names the right class, `[images, K]`.
    let isRight: [Bool]
  }

  private let z: Tensor
  private let expertCount: Int
  private var trials: [Trial] = []
  /// Figures that do not depend on a gate: `analog_best_snr`, under the second law `analog_law2_best_snr`, and so on.
  package private(set) var references: [String: Double] = [:]

  package init(
    _ model: MixtureModel, data: TrainingData, laws: [LinkConfiguration], seed: UInt64, messageBits: Double,
    isDigitalToo: Bool
  ) throws(LinkConfigurationError) {
    z = Latents.of(data.validation, backbone: model.backbone, normalisation: model.description.normalisation)
    expertCount = model.description.expertCount
    let kinds = [LinkDraws.Kind.analog] + (isDigitalToo ? [.digital] : [])
    for (place, law, kind) in laws.enumerated().flatMap({ law in kinds.map { (law.offset, law.element, $0) } }) {
      let draws = try LinkDraws(
        [(law, 1)], seed: seed, model: model.description, baseStation: LinkDraws.validationBaseStation, kind: kind,
        messageBits: messageBits)
      let name = (kind == .analog ? "analog" : "digital") + (place == 0 ? "" : "_law\(place + 1)")
      let draw = draws.draw(z, firstSample: 0)
      let named = parallelMap(expertCount) { k in model.experts[k](draw.received[k]).argmaxOfRows }
      let trial = Trial(
        name: name,
        codes: model.description.linkEncoding.encode(
          draw.seen(through: model.description.packetErrors), eligible: draw.eligible, expertCount: expertCount),
        isRight: (0..<z.rowCount * expertCount).map { i in
          named[i % expertCount][i / expertCount] == data.validation.labels[i / expertCount]
        })
      let loudest = (0..<z.rowCount).map { row in
        (0..<expertCount).max { draw.states[row * expertCount + $0] < draw.states[row * expertCount + $1] } ?? 0
      }
      references["\(name)_best_snr"] = percentRight(trial, loudest)
      trials.append(trial)
    }
  }

  /// Per cent right of the gate's first choices, under names such as `analog_naive`.
  package func accuracies(of gate: Gate) -> [String: Double] {
    trials.reduce(into: [:]) { accuracies, trial in
      let chosen = gate(z, linkEncoding: trial.codes).argmaxOfRows
      let name = "\(trial.name)_\(gate.kind.rawValue.map { $0 == "-" ? "_" : String($0) }.joined())"
      accuracies[name] = percentRight(trial, chosen)
    }
  }

  private func percentRight(_ trial: Trial, _ chosen: [Int]) -> Double {
    let right = chosen.indices.count { trial.isRight[$0 * expertCount + chosen[$0]] }
    return 100 * Double(right) / Double(chosen.count)
  }
}
