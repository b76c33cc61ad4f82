import ArgumentParser
import CommandOptions
import Datasets
import Foundation
import MixtureOfExperts
import Training

struct Stage1Command: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stage1", abstract: "Trains backbone, gate and experts together, on ideal links.")

  @OptionGroup var options: RunOptions
  @OptionGroup var data: DataOptions

  @Option(help: "The folder to store the model in; its name becomes the model's.")
  var model: String

  @OptionGroup var origin: OriginOptions

  @Flag(help: "Train no further: store the best network of the run folder's checkpoint.")
  var bestSoFar = false

  func run() throws { try reportingFailures(of: "moe-train", carryOut) }

  private func carryOut() throws {
    let recipe = try options.recipe(seed: \.stage1.seed, epochs: \.stage1.epochs)
    let images = try TrainingData(data.load(.training))
    let source = try origin.source
    let teacher = try origin.teacher.map { try Teacher(folder: $0, for: images) }
    var stage = try Stage1(recipe, data: images, backboneOf: source, teacher: teacher, latents: options.latentStore)
    let fingerprint = try recipe.fingerprint(
      recipe.stage1, data: images.digest, model: source?.description.weightsDigest, teacher: teacher?.digest)
    if bestSoFar {
      try options.restoreBest(&stage, fingerprint: fingerprint)
    } else {
      try options.carryOut(&stage, fingerprint: fingerprint)
    }
    let name = URL(fileURLWithPath: model).lastPathComponent
    try ModelBundle.write(stage.model(named: name, dataset: data.dataset.rawValue), to: model)
    options.announce(stage, storedIn: model)
  }
}
