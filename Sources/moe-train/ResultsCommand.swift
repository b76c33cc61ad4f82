import ArgumentParser
import CommandOptions
import Training

struct ResultsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "results",
    abstract: "Writes RESULTS.md anew from the results and the discussions that lie in Results.")

  @Option(help: "The folder of Results, which gets RESULTS.md.")
  var root = "."

  func run() throws {
    try reportingFailures(of: "moe-train") { try ResultsPage(root: root).write(under: root) }
  }
}
