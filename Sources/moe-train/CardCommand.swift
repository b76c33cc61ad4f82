import ArgumentParser
import CommandOptions
import MixtureOfExperts
import Training

struct CardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "card",
    abstract: "Writes a model's card, README.md in its folder, from model.json and the results of table2.")

  @Option(help: "The model's folder.")
  var model: String

  @Option(help: "The folder of Results.")
  var root = "."

  func run() throws { try reportingFailures(of: "moe-train", carryOut) }

  private func carryOut() throws {
    let card = try ModelCard(ModelBundle(folder: model), results: Table2.read("table2", under: root))
    try card.write(to: model)
  }
}
