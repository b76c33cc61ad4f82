package import Datasets
import Dispatch
import Foundation
package import MixtureOfExperts
package import Radio
package import Tensors

/// The outcomes of a whole image set, and how long each took.
package struct Evaluation: Sendable {
  package let settings: EvaluationSettings
  package let expertCount: Int
  package let outcomes: [EvaluationOutcome]
  /// Computing one image from pixels to class, microseconds, on one core.
  package let latencies: [Double]
  package let seconds: Double

  /// Over images.
  /// - Parameters:
  ///   - progress: told how many images are done, from time to time.
  ///   - isInterrupted: asked from time to time.
  /// - Throws: `interrupted`, among others.
  package init(
    _ model: MixtureModel, _ settings: EvaluationSettings, images: ImageSet, progress: (Int) -> Void = { _ in },
    isInterrupted: () -> Bool = { false }
  ) throws {
    let evaluator = try Evaluator(model, settings)
    try evaluator.check(images)
    try self.init(
      evaluator, model, labels: images.labels, latent: { evaluator.latent(of: images, at: $0) }, progress: progress,
      isInterrupted: isInterrupted)
  }

  /// Over latents z `[images, N_F]` that were computed before.
  package init(_ model: MixtureModel, _ settings: EvaluationSettings, latents z: Tensor, labels: [Int]) throws {
    try self.init(
      Evaluator(model, settings), model, labels: labels, latent: { z.selectingRows([$0]) }, progress: { _ in },
      isInterrupted: { false })
  }

  private init(
    _ evaluator: Evaluator, _ model: MixtureModel, labels: [Int], latent: (Int) -> Tensor, progress: (Int) -> Void,
    isInterrupted: () -> Bool
  ) throws {
    settings = evaluator.settings
    expertCount = model.description.expertCount
    let start = DispatchTime.now().uptimeNanoseconds
    var done: [(outcome: EvaluationOutcome, microseconds: Double)] = []
    for chunk in shards(of: labels.count, size: 500) {
      if isInterrupted() { throw TrainingError.interrupted }
      let pieces = shards(of: chunk.count, size: 50)
      let parts = parallelMap(pieces.count) { piece in
        Result {
          try pieces[piece].map { offset in
            let index = chunk.lowerBound + offset
            let before = DispatchTime.now().uptimeNanoseconds
            let outcome = try evaluator.outcome(of: latent(index), index: index, label: labels[index])
            return (outcome, Double(DispatchTime.now().uptimeNanoseconds - before) / 1e3)
          }
        }
      }
      for part in parts { done += try part.get() }
      progress(done.count)
    }
    seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    outcomes = done.map(\.outcome)
    latencies = done.map(\.microseconds)
  }

  package var correct: Int { outcomes.count(where: \.isCorrect) }
  package var accuracy: Double { outcomes.isEmpty ? 0 : Double(correct) / Double(outcomes.count) }

  /// Images whose every expert has answered from the latent as its link delivered it.
  package var delivered: Int { outcomes.count(where: \.isDelivered) }
  /// What all images took of the links.
  package var use: LinkUse { outcomes.reduce(into: LinkUse()) { $0 += $1.use } }

  /// For every expert how many images it has answered.
  package var selected: [Int] {
    outcomes.reduce(into: [Int](repeating: 0, count: expertCount)) { counts, outcome in
      for k in outcome.experts { counts[k] += 1 }
    }
  }

  package func writePredictions(to path: String) throws(TrainingError) {
    let text = outcomes.map { $0.line + "\n" }.joined()
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw .unwritable(path: path, reason: (error as NSError).localizedDescription)
    }
  }

  package var report: EvaluationReport { EvaluationReport(self) }
}
