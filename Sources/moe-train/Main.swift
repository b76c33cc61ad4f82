import ArgumentParser

@main struct MoETrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "moe-train",
    abstract: "Trains mixtures of experts by the paper's two stages, and evaluates them in one process.",
    subcommands: [Stage1Command.self, Stage2Command.self, EvaluateCommand.self])
}
