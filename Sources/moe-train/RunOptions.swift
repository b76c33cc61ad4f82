import ArgumentParser
import Digests
import Foundation
import Training

/// How a training run is kept and shown.
struct RunOptions: ParsableArguments {
  @Option(help: "The recipe, a JSON file.")
  var recipe: String

  @Option(help: "The folder for checkpoint and metrics; a run that was ended goes on from there.")
  var run: String?

  @Flag(help: "Discard the run folder's checkpoint.")
  var restart = false

  @Option(help: "Replaces the recipe's seed.")
  var seed: UInt64?

  @Option(help: "Replaces the recipe's number of epochs.")
  var epochs: Int?

  @Flag(help: "Metrics as JSON lines on standard output.")
  var json = false

  func validate() throws {
    if let epochs, epochs < 1 { throw ValidationError("--epochs: expected at least 1, received \(epochs)") }
  }

  /// Trains, and says whether the stage came to its end.
  func carryOut(_ stage: inout some TrainingStage, fingerprint: SHA256Digest) throws -> Bool {
    let observer = ConsoleObserver(imagesPerStep: stage.batchSize, stepsPerEpoch: stage.stepsPerEpoch, isJSON: json)
    Interruption.watch()
    let training = TrainingRun(folder: run, fingerprint: fingerprint, restarts: restart)
    let outcome = try training(&stage, observer: observer, isInterrupted: { Interruption.isRequested })
    observer.ended()
    guard outcome == .interrupted else { return true }
    let kept = run.map { "the checkpoint in \($0) goes on from here" } ?? "nothing was kept: there is no --run folder"
    FileHandle.standardError.write(Data("interrupted: \(kept)\n".utf8))
    return false
  }
}
