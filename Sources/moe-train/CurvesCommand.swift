import ArgumentParser
import CommandOptions
import Training

struct CurvesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "curves", abstract: "Draws loss and accuracies of training runs against epochs, by gnuplot.")

  @Argument(help: ArgumentHelp("A run's folder, as --run named it; one or more.", valueName: "run"))
  var runs: [String]

  @Option(help: "The picture to write, .svg or .png.")
  var output: String

  func validate() throws {
    guard [".svg", ".png"].contains(where: output.hasSuffix) else {
      throw ValidationError("--output: expected a name that ends in .svg or .png, received \"\(output)\"")
    }
  }

  func run() throws { try reportingFailures(of: "moe-train", carryOut) }

  private func carryOut() throws {
    let curves = try LearningCurves(folders: runs)
    guard let gnuplot = Gnuplot.installed else { throw RunError(Gnuplot.absence) }
    try gnuplot.draw(curves.script(output: output), to: output)
  }
}
