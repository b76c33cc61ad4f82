import ArgumentParser
import CommandOptions
import Foundation
import Tensors

@main struct MoETrain: ParsableCommand {
  static func main() {
    // Work goes on where nobody reads what it tells; what cannot be written is an error of that write.
    signal(SIGPIPE, SIG_IGN)
    main(nil)
  }

  static let configuration = CommandConfiguration(
    commandName: "moe-train",
    abstract: "Trains mixtures of experts by the paper's two stages, and evaluates them in one process.",
    version: "moe-train 0.1.0 (\(Kernels.description))",
    subcommands: [
      Stage1Command.self, Stage2Command.self, EvaluateCommand.self, ReproduceCommand.self, ResultsCommand.self,
      CardCommand.self, LinkCommand.self, InitCommand.self, ImportCommand.self, ExportCommand.self, CurvesCommand.self,
      SpeedCommand.self,
    ])

  func validate() throws { try checkKernels() }
}
