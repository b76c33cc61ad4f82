package import Digests
import Foundation

/// What a run tells its surroundings.
package protocol TrainingObserver {
  func began(_ start: RunStart)
  /// What the checks before the first step have seen.
  func rehearsed(_ finding: String)
  func advanced(step: Int, loss: Double, images: Int)
  func finishedEpoch(_ report: EpochReport)
}

/// Drives a stage from its first step, or from its checkpoint, to the end.
package struct TrainingRun {
  package enum Outcome: Hashable, Sendable { case finished, interrupted }

  package static let metricsFile = "metrics.jsonl"

  /// Where checkpoint and metrics lie; nil keeps nothing.
  package let folder: String?
  package let fingerprint: SHA256Digest
  package let restarts: Bool
  /// Whether a run that starts anew is rehearsed first.
  package let rehearses: Bool
  private let clock = ContinuousClock()

  package init(folder: String?, fingerprint: SHA256Digest, restarts: Bool = false, rehearses: Bool = false) {
    self.folder = folder
    self.fingerprint = fingerprint
    self.restarts = restarts
    self.rehearses = rehearses
  }

  /// - Parameter isInterrupted: asked after every step; if so, the run stores a checkpoint and ends.
  package func callAsFunction<Stage: TrainingStage>(
    _ stage: inout Stage, observer: some TrainingObserver, isInterrupted: () -> Bool
  ) throws(TrainingError) -> Outcome {
    var state = Checkpoint(stage: Stage.name, fingerprint: fingerprint)
    var isResumed = false
    if let folder {
      do {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      } catch {
        throw .unwritable(path: folder, reason: "\(error)")
      }
      if !restarts, let found = try Checkpoint.read(from: folder, into: &stage, fingerprint: fingerprint) {
        state = found
        isResumed = true
      }
    }
    observer.began(
      RunStart(
        stage: Stage.name, subject: stage.subject, folder: folder, step: state.step,
        stepsPerEpoch: stage.stepsPerEpoch, epochs: stage.epochs, isResumed: isResumed))
    if rehearses, !isResumed { observer.rehearsed(try stage.rehearse()) }
    while state.step < stage.totalSteps {
      let start = clock.now
      let loss = stage.advance(step: state.step)
      if let complaint = stage.complaint(loss: loss, step: state.step) {
        throw .diverged(step: state.step, reason: complaint)
      }
      state.epochLoss += loss
      state.count(images: stage.batchSize, seconds: start.duration(to: clock.now) / .seconds(1))
      state.step += 1
      observer.advanced(step: state.step, loss: loss, images: stage.batchSize)
      if state.step.isMultiple(of: stage.stepsPerEpoch) {
        try finishEpoch(&stage, &state, observer)
      }
      if isInterrupted(), state.step < stage.totalSteps {
        if let folder { try state.write(stage, to: folder) }
        return .interrupted
      }
    }
    return .finished
  }

  private func finishEpoch<Stage: TrainingStage>(
    _ stage: inout Stage, _ state: inout Checkpoint, _ observer: some TrainingObserver
  ) throws(TrainingError) {
    let epoch = state.step / stage.stepsPerEpoch - 1
    let start = clock.now
    var figures = stage.validate(epoch: epoch)
    let pace = state.pace ?? Checkpoint.Pace()
    figures["seconds"] = pace.seconds + start.duration(to: clock.now) / .seconds(1)
    figures["images_per_second"] = Double(pace.images) / pace.seconds
    figures["learning_rate"] = stage.learningRate(at: state.step - 1)
    figures["loss"] = state.epochLoss / Double(stage.stepsPerEpoch)
    state.epochLoss = 0
    state.pace = nil
    state.best = stage.best
    let report = EpochReport(stage: Stage.name, epoch: epoch + 1, epochs: stage.epochs, figures: figures)
    state.metrics.append(report.line)
    if let folder {
      // From the checkpoint's own list, so that a resumed run repeats no line.
      try storeFile(state.metrics.joined(separator: "\n") + "\n", at: folder + "/" + Self.metricsFile)
      try state.write(stage, to: folder)
    }
    observer.finishedEpoch(report)
  }
}
