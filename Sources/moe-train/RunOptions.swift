import ArgumentParser
import CommandOptions
import Digests
import Foundation
import Training

/// How a training run is kept and shown.
struct RunOptions: ParsableArguments {
  @Option(help: "The recipe, a JSON file.")
  var recipe: String

  @Option(help: "The folder for checkpoint and metrics; a run that was ended goes on from there.")
  var run: String?

  @Option(
    help:
      "A folder to keep what a backbone that stays as it is makes of the images, for other trainings on the same one.")
  var latents: String?

  @Flag(help: "Discard the run folder's checkpoint.")
  var restart = false

  @Option(help: "Replaces the recipe's seed.")
  var seed: UInt64?

  @Option(help: "Replaces the recipe's number of epochs.")
  var epochs: Int?

  @Flag(help: "Do not see first, for some seconds, whether anything can be learnt.")
  var skipChecks = false

  @Flag(help: "Metrics as JSON lines on standard output.")
  var json = false

  func validate() throws {
    if let epochs, !(1...Recipe.greatestEpochs).contains(epochs) {
      throw ValidationError("--epochs: expected 1 to \(Recipe.greatestEpochs), received \(epochs)")
    }
  }

  var latentStore: LatentStore { LatentStore(folder: latents) }

  /// The recipe with a stage's seed and epochs replaced, as strictly checked as the file.
  func recipe(
    seed seedField: WritableKeyPath<Recipe, UInt64>, epochs epochsField: WritableKeyPath<Recipe, Int>
  ) throws -> Recipe {
    var replaced = try Recipe(path: recipe)
    replaced[keyPath: seedField] = seed ?? replaced[keyPath: seedField]
    replaced[keyPath: epochsField] = epochs ?? replaced[keyPath: epochsField]
    if let wrong = replaced.firstViolation { throw TrainingError.file(path: recipe, reason: wrong) }
    return replaced
  }

  /// Trains the stage to its end.
  ///
  /// - Throws: an exit status if a signal has ended it before.
  func carryOut(_ stage: inout some TrainingStage, fingerprint: SHA256Digest) throws {
    let observer = ConsoleObserver(of: stage, isJSON: json)
    Interruption.watch()
    let training = TrainingRun(folder: run, fingerprint: fingerprint, restarts: restart, rehearses: !skipChecks)
    let outcome = try training(&stage, observer: observer, isInterrupted: { Interruption.isRequested })
    observer.ended()
    guard outcome == .interrupted else { return }
    drawCurves()
    throw interrupted(
      run.map { "the checkpoint in \($0) goes on from here" } ?? "nothing was kept: there is no --run folder")
  }

  /// Brings the stage to where its checkpoint is.
  ///
  /// - Throws: `checkpoint` if there is none with a finished epoch.
  func restoreBest(_ stage: inout some TrainingStage, fingerprint: SHA256Digest) throws {
    guard let run else { throw ValidationError("--best-so-far: expected --run, the folder of the checkpoint") }
    guard let state = try Checkpoint.read(from: run, into: &stage, fingerprint: fingerprint), !state.best.isEmpty
    else { throw TrainingError.checkpoint(path: run, reason: "no checkpoint of a finished epoch is there") }
  }

  /// Says what has become of a stage that came to its end, and draws its curves.
  func announce(_ stage: some TrainingStage, storedIn model: String) {
    FileHandle.standardError.tell(Data("stored in \(model): \(stage.choices)\n".utf8))
    drawCurves()
  }

  /// Where gnuplot is installed and an epoch is done. A picture that cannot be drawn is no reason to fail.
  private func drawCurves() {
    guard let run, let gnuplot = Gnuplot.installed, let curves = try? LearningCurves(folders: [run]) else { return }
    do {
      try gnuplot.draw(curves.script(output: run + "/curves.svg"), to: run + "/curves.svg")
    } catch {
      FileHandle.standardError.tell(Data("the curves are not drawn: \(error)\n".utf8))
    }
  }
}
