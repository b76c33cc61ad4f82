package import Digests
import Foundation

/// What a run tells its surroundings.
package protocol TrainingObserver {
  func began(stage: String, step: Int, of totalSteps: Int, resumed: Bool)
  func advanced(step: Int, loss: Double, images: Int)
  /// A finished epoch's line of metrics, JSON.
  func finishedEpoch(_ line: String)
}

/// Drives a stage from its first step, or from its checkpoint, to the end.
package struct TrainingRun {
  package enum Outcome: Hashable, Sendable { case finished, interrupted }

  /// Where checkpoint and metrics lie; nil keeps nothing.
  package let folder: String?
  package let fingerprint: SHA256Digest
  package let restarts: Bool

  package init(folder: String?, fingerprint: SHA256Digest, restarts: Bool = false) {
    self.folder = folder
    self.fingerprint = fingerprint
    self.restarts = restarts
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
    observer.began(stage: Stage.name, step: state.step, of: stage.totalSteps, resumed: isResumed)
    while state.step < stage.totalSteps {
      let loss = stage.advance(step: state.step)
      if let complaint = stage.complaint(loss: loss, step: state.step) {
        throw .diverged(step: state.step, reason: complaint)
      }
      state.epochLoss += loss
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
    var figures = stage.validate(epoch: epoch)
    figures["loss"] = state.epochLoss / Double(stage.stepsPerEpoch)
    state.epochLoss = 0
    state.best = stage.best
    let line = Self.line(stage: Stage.name, epoch: epoch, figures)
    state.metrics.append(line)
    if let folder {
      // From the checkpoint's own list, so that a resumed run repeats no line.
      do {
        try Data((state.metrics.joined(separator: "\n") + "\n").utf8)
          .write(to: URL(fileURLWithPath: folder + "/metrics.jsonl"), options: .atomic)
      } catch {
        throw .unwritable(path: folder, reason: "\(error)")
      }
      try state.write(stage, to: folder)
    }
    observer.finishedEpoch(line)
  }

  private static func line(stage: String, epoch: Int, _ figures: [String: Double]) -> String {
    let values = figures.sorted { $0.key < $1.key }.map { name, value in
      "\"\(name)\":\((value * 1e4).rounded() / 1e4)"
    }
    return "{\"stage\":\"\(stage)\",\"epoch\":\(epoch + 1),\(values.joined(separator: ","))}"
  }
}
