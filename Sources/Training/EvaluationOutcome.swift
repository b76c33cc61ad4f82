import Datasets
package import MixtureOfExperts
package import Radio

/// What became of one image.
package struct EvaluationOutcome: Hashable, Sendable {
  package let index: Int
  package let label: Int
  package let prediction: Prediction
  /// The expert with the largest weight.
  package let expert: Int
  /// All experts that answered, best first.
  package let experts: [Int]
  package let block: UInt64
  /// Instantaneous SNR of the carried block on that expert's link, dB; nil for an ideal link.
  package let snrDB: Float?
  /// What the image took of the links, over all its transmissions.
  package let use: LinkUse
  /// Whether every expert has answered from the latent as its link delivered it.
  package let isDelivered: Bool

  package var isCorrect: Bool { prediction.classIndex == label }

  /// The outcome's line in a predictions file.
  package var line: String {
    PredictionLine(
      index: index, label: label, classIndex: prediction.classIndex, probability: prediction.probability,
      expert: expert, block: block, snrDB: snrDB
    ).json
  }
}
