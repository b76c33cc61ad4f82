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
      let evaluations = Study.evaluationCount(of: mixture, seeds: seed.count)
      let meter = ProgressMeter(mixture.description.name, unit: "images", total: evaluations * images.count)
      studies.append(
        try Study(
          mixture, digest: ModelBundle(folder: folder).digest.hex, images: images, seeds: seed,
          progress: { meter.update(done: $0) }))
      meter.clear()
    }
    try StudyReport(title: title, command: shownCommand, studies: studies).write(to: output)
  }
}
