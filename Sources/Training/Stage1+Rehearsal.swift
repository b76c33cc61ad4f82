import Datasets

extension Stage1 {
  /// Few enough for seconds, and enough that no class's share explains them.
  private static let rehearsalImages = 16
  private static let rehearsalSteps = 40
  /// The share of the first loss below which the images count as learnt.
  private static let learntShare = 0.67

  /// Learns a few images by heart, from the same start and by the same loss, but plainly: no variation of images, no smooth
  /// labels, no teacher, nothing dropped. Data and networks of which nothing can be learnt are found out in seconds.
  ///
  /// - Returns: what was seen, in a few words.
  /// - Throws: `data` if the loss does not fall clearly.
  package func rehearse() throws(TrainingError) -> String {
    var plain = recipe
    plain.stage1.augmentation = .none
    plain.stage1.pairs = nil
    plain.stage1.teacher = nil
    plain.stage1.dropout = nil
    plain.stage1.stochasticDepth = nil
    plain.stage1.averageDecay = nil
    plain.stage1.downShare = 0
    plain.stage1.labelSmoothing = 0
    plain.stage1.optimiser = Recipe.OptimiserSettings(kind: .adamW, peakLearningRate: 0.003, weightDecay: 0)
    plain.stage1.epochs = Self.rehearsalSteps
    let few = data.sample(Self.rehearsalImages)
    plain.stage1.batchSize = few.training.count
    var rehearsal = try Stage1(plain, data: few, backboneOf: source)
    let first = rehearsal.advance(step: 0)
    var last = first
    for step in 1..<Self.rehearsalSteps {
      last = rehearsal.advance(step: step)
      if last < Self.learntShare * first {
        return "\(few.training.count) images can be learnt by heart: loss \(rounded(first)) to \(rounded(last)) in "
          + "\(step + 1) steps"
      }
    }
    throw .data(
      "\(few.training.count) images cannot be learnt by heart: loss \(rounded(first)) to \(rounded(last)) in "
        + "\(Self.rehearsalSteps) steps: do pictures and labels belong together? (--skip-checks trains all the same)")
  }

  private func rounded(_ loss: Double) -> Double { (loss * 100).rounded() / 100 }
}
