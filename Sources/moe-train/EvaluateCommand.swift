import ArgumentParser
import CommandOptions
import Datasets
import Foundation
import MixtureOfExperts
import Radio
import Tensors
import Training

extension EvaluatedGate: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Sends test images through base station, links and experts in one process.",
    discussion: """
      Every image has its own block (the request clock): the networked run with that clock and the same options, seed and
      base station id gives the same predictions.
      """)

  @Option(help: "The model's folder.")
  var model: String

  @OptionGroup var data: DataOptions

  @Option(
    help: """
      channel-aware, base, naive, best-snr or random; or oracle, the bound that knows the labels: an image is right if any \
      expert is, each on what its own link delivers.
      """)
  var gate = EvaluatedGate.channelAware

  @Option(help: "analog (default), digital or ideal.", transform: named)
  var link = LinkKind.analog

  @OptionGroup(title: "Lost latents") var loss: LossOptions

  @Option(
    help: "What a digital link's demodulator tells its decoder: soft (default) or hard decisions.", transform: named)
  var decisions: Decisions = .soft

  @Option(help: "Experts an image is sent to.")
  var topK = 1

  @OptionGroup var computation: ComputeOptions

  @Option(help: "The base station's id.")
  var bsId: UInt32 = 0

  @Option(help: "What makes blocks: in one process always the requests (request).", transform: named)
  var clock = LinkClock.request

  @Option(help: "What the backbone multiplies: fp32 (default) or bf16, by rounding where the processor has no bf16.")
  var precision: Precision = .fp32

  @OptionGroup(title: "Links") var links: LinkOptions

  @Option(help: "Write one JSON line an image to this file.")
  var predictions: String?

  @Flag(help: "JSON on standard output.")
  var json = false

  func validate() throws {
    if topK < 1 { throw ValidationError("--top-k: expected at least 1, received \(topK)") }
    guard clock == .request else {
      throw ValidationError("--clock: expected request, for nothing waits in one process, received \(clock)")
    }
  }

  func run() throws { try reportingFailures(of: "moe-train", carryOut) }

  private func carryOut() throws {
    Kernels.select(precision)
    let mixture = try ModelBundle.loadAll(model)
    var settings = EvaluationSettings(
      gate: gate, link: link,
      lossRule: LossRule(policy: loss.onDecodeFailure, maximumAttempts: loss.maxAttempts), decisions: decisions,
      topK: topK, baseStation: bsId, configuration: try links.configuration())
    settings.computePrice = ComputePrice(perMillion: computation.computePrice)
    _ = try Evaluator(mixture, settings)
    let images = try data.load(.test, classNames: mixture.description.classLabels)
    Interruption.watch()
    let meter = ProgressMeter("evaluate", unit: "images", total: images.count)
    let evaluation: Evaluation
    do {
      evaluation = try Evaluation(
        mixture, settings, images: images, progress: { meter.update(done: $0) },
        isInterrupted: { Interruption.isRequested })
    } catch TrainingError.interrupted {
      meter.clear()
      throw interrupted("nothing was written")
    }
    meter.clear()
    if let predictions { try evaluation.writePredictions(to: predictions) }
    print(json ? evaluation.report.json : evaluation.report.table)
  }
}
