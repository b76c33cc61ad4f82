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
    for results in page.experiments { try results.writeWithPicture(under: root) }
    try page.write(under: root)
  }
}

extension Experiment {
  /// Writes the results' files, and says why where there is no picture.
  func writeWithPicture(under root: String) throws {
    if try !write(under: root, gnuplot: .installed) {
      FileHandle.standardError.tell(Data("moe-train: no picture of \(name): \(Gnuplot.absence)\n".utf8))
    }
  }
}
