import ArgumentParser
import CommandOptions
import Foundation
import Training

struct ReproduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Makes a table or figure of the paper, or a study beyond it, from its configuration.",
    discussion: """
      To be run in the project's folder. Writes Results/<experiment>/ (.json, .csv and, where gnuplot is installed, .svg) and \
      RESULTS.md. What is trained for it is kept with the runs, and goes on from there when it was interrupted.
      """)

  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case table2, fig3, fig4, fig5, fig6, laws, tradeoff, heterogeneous, ablation
  }

  @Argument(help: ArgumentHelp(Kind.allCases.map(\.rawValue).joined(separator: ", ") + ".", valueName: "experiment"))
  var experiment: Kind

  @Option(help: "The experiment's configuration (default: scripts/experiments/<experiment>.json).")
  var config: String?

  @Option(help: "The folder of the data sets' files, or its parent.")
  var data: String

  @Option(help: "The folder for checkpoints and for models that are not shipped (its sub-folder models).")
  var runs = "runs"

  @Option(help: "The folder that gets Results and RESULTS.md.")
  var output = "."

  @Option(
    help:
      "Use the first N images of every set only, for a trial: models that are there have seen what is then chosen by.")
  var limit: Int?

  @Option(
    help: "Of table2 and laws: measure this network's models only, and keep the others' figures as they are in Results."
  )
  var network: String?

  @Flag(help: "The results as JSON on standard output, instead of their section of RESULTS.md.")
  var json = false

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit: expected at least 1, received \(limit)") }
    if network != nil, experiment != .table2, experiment != .laws {
      throw ValidationError("--network: \(experiment.rawValue) has no networks that are measured one by one")
    }
  }

  func run() throws { try reportingFailures(of: "moe-train", carryOut) }

  private func carryOut() throws {
    Interruption.watch()
    do {
      try reproduce()
    } catch TrainingError.interrupted {
      throw interrupted("what is in \(runs) goes on from here")
    }
  }

  private func reproduce() throws {
    let path = config ?? "scripts/experiments/\(experiment.rawValue).json"
    let surroundings = Surroundings(
      data: data, limit: limit, runs: runs, command: shownCommand, isInterrupted: { Interruption.isRequested })
    switch experiment {
    case .table2: try finish(measured(Table2.self, path, surroundings))
    case .fig3, .fig4, .fig5:
      let configuration = try GateCurves.Configuration(path: path)
      guard configuration.name == experiment.rawValue else {
        throw RunError("\(path): name: expected \(experiment.rawValue), received \(configuration.name)")
      }
      try finish(GateCurves(configuration, in: surroundings))
    case .fig6: try finish(ExpertCounts(.init(path: path), in: surroundings))
    case .heterogeneous: try finish(Heterogeneous(.init(path: path), in: surroundings))
    case .ablation: try finish(Ablation(.init(path: path), in: surroundings))
    case .laws: try finish(measured(Laws.self, path, surroundings))
    case .tradeoff: try finish(Tradeoff(.init(path: path), in: surroundings))
    }
  }

  private func measured<Results: NetworkExperiment>(
    _ type: Results.Type, _ path: String, _ surroundings: Surroundings
  ) throws -> Results {
    let configuration = try Results.Configuration(path: path)
    guard let network else { return try Results(configuration, in: surroundings) }
    return try Results(experiment.rawValue, configuration, in: surroundings, only: network, keeping: output)
  }

  private func finish(_ results: some Experiment) throws {
    try results.writeWithPicture(under: output)
    try ResultsPage(root: output).write(under: output)
    print(json ? results.json : results.markdown)
  }
}
