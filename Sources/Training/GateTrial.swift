import Datasets
package import MixtureOfExperts
package import Radio
import Tensors

/// Validation images sent once over fixed draws of every link, so that gates can be compared epoch after epoch at little cost.
package struct GateTrial: Sendable {
  private var trials: [FixedDraws] = []
  /// Figures that do not depend on a gate: `analog_best_snr`, under the second law `analog_law2_best_snr`, and so on.
  package private(set) var references: [String: Double] = [:]

  package init(
    _ model: MixtureModel, data: TrainingData, laws: [LinkConfiguration], seed: UInt64, messageBits: Double,
    isDigitalToo: Bool, latents store: LatentStore = .none
  ) throws(LinkConfigurationError) {
    let z = store.latents(
      of: data.validation, backbone: model.backbone, normalisation: model.description.normalisation)
    let expertCount = model.description.expertCount
    let kinds = [LinkDraws.Kind.analog] + (isDigitalToo ? [.digital] : [])
    for (place, law, kind) in laws.enumerated().flatMap({ law in kinds.map { (law.offset, law.element, $0) } }) {
      let draws = try LinkDraws(
        [(law, 1)], seed: seed, model: model.description, baseStation: LinkDraws.validationBaseStation, kind: kind,
        messageBits: messageBits)
      let name = (kind == .analog ? "analog" : "digital") + (place == 0 ? "" : "_law\(place + 1)")
      let draw = draws.draw(z, firstSample: 0)
      let named = parallelMap(expertCount) { k in
        classScores(of: model.experts[k](draw.received[k]), by: model.head).argmaxOfRows
      }
      let trial = FixedDraws(
        name: name, z: z,
        codes: model.description.linkView(draw.states, eligible: draw.eligible, isDigital: draw.isDigital),
        isRight: (0..<z.rowCount * expertCount).map { i in
          named[i % expertCount][i / expertCount] == data.validation.labels[i / expertCount]
        })
      let loudest = (0..<z.rowCount).map { row in
        (0..<expertCount).max { draw.states[row * expertCount + $0] < draw.states[row * expertCount + $1] } ?? 0
      }
      references["\(name)_best_snr"] = trial.percentRight(loudest)
      trials.append(trial)
    }
  }

  /// Per cent right of the gate's first choices, under names such as `analog_naive`.
  package func accuracies(of gate: Gate) -> [String: Double] {
    trials.reduce(into: [:]) { accuracies, trial in
      let name = "\(trial.name)_\(gate.kind.rawValue.map { $0 == "-" ? "_" : String($0) }.joined())"
      accuracies[name] = trial.accuracy(of: gate)
    }
  }
}
