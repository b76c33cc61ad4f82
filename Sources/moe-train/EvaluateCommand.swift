import ArgumentParser
import CommandOptions
import Datasets
import Foundation
import MixtureOfExperts
import Radio
import Training

extension GatePolicy: ExpressibleByArgument {}

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Sends test images through base station, links and experts in one process.",
    discussion: """
      The networked run with the same seed, base station id and the request clock gives the same predictions. In one
      process there is no other clock, whatever --clock says.
      """)

  @Option(help: "The model's folder.")
  var model: String

  @OptionGroup var data: DataOptions

  @Option(help: "channel-aware, base, naive, best-snr or random.")
  var gate = GatePolicy.channelAware

  @Option(help: "analog, digital or ideal.")
  var link = LinkKind.analog

  @Option(help: "Experts an image is sent to.")
  var topK = 1

  @Option(help: "The base station's id.")
  var bsId: UInt32 = 0

  @OptionGroup var links: LinkOptions

  @Option(help: "Write one JSON line an image to this file.")
  var predictions: String?

  @Flag(help: "JSON on standard output.")
  var json = false

  func validate() throws {
    if topK < 1 { throw ValidationError("--top-k: expected at least 1, received \(topK)") }
  }

  func run() throws { try reportingFailures(of: "moe-train", carryOut) }

  private func carryOut() throws {
    let mixture = try ModelBundle.loadAll(model)
    let settings = EvaluationSettings(
      policy: gate, link: link, topK: topK, baseStation: bsId, configuration: links.configuration)
    _ = try Evaluator(mixture, settings)
    let images = try data.load(.test, classNames: mixture.description.classLabels)
    Interruption.watch()
    let meter = ProgressMeter("evaluate", unit: "images", total: images.count)
    let evaluation = try Evaluation(
      mixture, settings, images: images, progress: { meter.update(done: $0) },
      isInterrupted: { Interruption.isRequested })
    meter.clear()
    if let predictions { try evaluation.writePredictions(to: predictions) }
    print(json ? evaluation.report.json : evaluation.report.table)
  }
}
