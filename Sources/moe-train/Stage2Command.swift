import ArgumentParser
import CommandOptions
import Datasets
import Digests
import Foundation
import MixtureOfExperts
import Training

struct Stage2Command: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stage2",
    abstract: "Trains the channel-aware gate and its naive rival for a model of stage 1, on simulated links.")

  @OptionGroup var options: RunOptions
  @OptionGroup var data: DataOptions

  @Option(help: "The model's folder; it gets the gates.")
  var model: String

  func run() throws { try reportingFailures(of: "moe-train", carryOut) }

  private func carryOut() throws {
    let recipe = try options.recipe(seed: \.stage2.seed, epochs: \.stage2.epochs)
    var mixture = try ModelBundle.loadAll(model)
    let images = try TrainingData(data.load(.training, classNames: mixture.description.classLabels))
    if let record = mixture.description.training, record.dataDigest != images.digest {
      // Its validation images may be among those that stage 1 learnt by heart.
      throw TrainingError.mismatch(
        field: "--data",
        expected: "the images that stage 1 of model \(mixture.description.name) saw, \(record.dataset), digest "
          + "\(record.dataDigest.hex.prefix(12))",
        received: "\(images.training.name), digest \(images.digest.hex.prefix(12))")
    }
    // The gates of an earlier stage 2 are no part of what this one starts from.
    mixture.gates = mixture.gates.filter { $0.key == .base }
    mixture.description.training?.stage2 = nil
    var stage = try Stage2(recipe, model: mixture, data: images)
    let fingerprint = try recipe.fingerprint(
      ofStage2: recipe.stage2, data: images.digest, model: mixture.description)
    try options.carryOut(&stage, fingerprint: fingerprint)
    try ModelBundle.write(stage.finishedModel(), to: model)
    options.announce(stage, storedIn: model)
  }
}
