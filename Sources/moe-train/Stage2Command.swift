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
    let loaded = try ModelBundle.loadAll(model)
    let images = try TrainingData(data.load(.training, classNames: loaded.description.classLabels))
    let mixture = try loaded.beforeStage2(on: images, dataset: data.dataset.rawValue)
    var stage = try Stage2(recipe, model: mixture, data: images, latents: options.latentStore)
    let fingerprint = try recipe.fingerprint(
      ofStage2: recipe.stage2, data: images.digest, model: mixture.description)
    try options.carryOut(&stage, fingerprint: fingerprint)
    try ModelBundle.write(stage.finishedModel(), to: model)
    options.announce(stage, storedIn: model)
  }
}
