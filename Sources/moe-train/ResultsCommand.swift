import ArgumentParser
import CommandOptions
import Foundation
import Training

struct ResultsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "results",
    abstract: "Writes RESULTS.md, its tables and pictures anew from the JSON files and discussions that lie in Results."
  )

  @Option(help: "The folder of Results, which gets RESULTS.md.")
  var root = "."

  func run() throws { try reportingFailures(of: "moe-train", carryOut) }

  private func carryOut() throws {
    let page = try ResultsPage(root: root)
    if page.experiments.isEmpty { throw RunError("\(root)/Results: no results") }
    for results in page.experiments where try !results.write(under: root, gnuplot: .installed) {
      FileHandle.standardError.write(Data("moe-train: no picture of \(results.name): \(Gnuplot.absence)\n".utf8))
    }
    try page.write(under: root)
  }
}
