import Datasets
import Foundation

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
    plain.stage1.patchDropout = nil
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

  /// An untrained network gives every class about the same probability, so its loss is about ln C an entropy term; a
  /// teacher's part of it is up to T² times that, the less the less certain the teacher is.
  package func complaint(loss: Double, step: Int) -> String? {
    guard loss.isFinite else { return "the loss is \(loss): try a lower peakLearningRate" }
    // What an untrained gate and experts make of a trained backbone's latents nobody can say.
    guard step == 0, source == nil else { return nil }
    let terms = Double(1 + settings.gatedExpertWeight + settings.meanExpertWeight)
    let entropies = terms * log(Double(data.training.classNames.count))
    let (weight, temperature) = (settings.teacher?.weight ?? 0, settings.teacher?.temperature ?? 1)
    let least = Double(1 - weight) * entropies
    let greatest = least + Double(weight * temperature * temperature) * entropies
    guard 0.75 * least - 0.5 < loss, loss < 1.25 * greatest + 0.5 else {
      let expected = least == greatest ? "about \(least)" : "\(least) to \(greatest)"
      return "the first loss is \(loss), an untrained network's is \(expected): are images and labels sound?"
    }
    return nil
  }

  private func rounded(_ loss: Double) -> Double { (loss * 100).rounded() / 100 }
}
