import ArgumentParser
import CommandOptions
import Datasets
import Digests
import Foundation
import MixtureOfExperts
import Training

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Measures models side by side on the test images, every gate with several channel seeds.")

  @Option(help: "A model's folder; repeat the option for more.")
  var model: [String]

  @OptionGroup var data: DataOptions

  @Option(help: "A channel seed; repeat the option for more.")
  var seed: [UInt64] = [1, 2, 3]

  @Option(help: "The report's title.")
  var title = "Models side by side"

  @Option(help: "Writes this path with .json and with .md appended.")
  var output: String

  func run() throws { try reportingFailures(of: "moe-train", carryOut) }

  private func carryOut() throws {
    var studies: [Study] = []
    for folder in model {
      let mixture = try ModelBundle.loadAll(folder)
      let images = try data.load(.test, classNames: mixture.description.classLabels)
      let evaluations = Study.evaluationCount(seeds: seed.count)
      let meter = ProgressMeter(mixture.description.name, unit: "images", total: evaluations * images.count)
      studies.append(
        try Study(
          mixture, digest: ModelBundle(folder: folder).digest.hex, images: images, seeds: seed,
          progress: { meter.update(done: $0) }))
      meter.clear()
    }
    let command = "moe-train report " + CommandLine.arguments.dropFirst(2).map(Self.shown).joined(separator: " ")
    try StudyReport(title: title, command: command, studies: studies).write(to: output)
  }

  /// An argument as a shell takes it; of a path to data only the last part, which is the same everywhere.
  private static func shown(_ argument: String) -> String {
    let name = argument.hasPrefix("/") ? URL(fileURLWithPath: argument).lastPathComponent : argument
    return name.contains(" ") ? "'\(name)'" : name
  }
}
