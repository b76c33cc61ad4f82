import ArgumentParser
import CommandOptions
import Foundation
import MixtureOfExperts
import Tensors
import Training

struct SpeedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "speed", abstract: "Measures how fast a network works on this machine.",
    discussion: """
      With --model, the inference of its backbone; with --recipe, steps of stage 1. Images are generated.
      """)

  @Option(help: "The folder of the model whose backbone is timed.")
  var model: String?

  @Option(help: "The recipe whose stage 1 is timed.")
  var recipe: String?

  @OptionGroup var origin: OriginOptions

  @Option(help: "Images at a time; training takes the recipe's unless told otherwise.")
  var batch: Int?

  @Option(help: "Threads of the inference; training takes all cores.")
  var threads = 1

  @Option(
    help:
      "What the network multiplies: fp32, or bf16 where the processor has it (default: as the recipe says, or fp32).")
  var precision: Precision?

  @Option(help: "How long to measure.")
  var seconds = 3.0

  @Flag(help: "JSON on standard output.")
  var json = false

  func validate() throws {
    guard (model == nil) != (recipe == nil) else { throw ValidationError("expected either --model or --recipe") }
    if recipe == nil, let option = origin.given.first {
      throw ValidationError("\(option): expected with --recipe only")
    }
    if let batch, !(1...4096).contains(batch) {
      throw ValidationError("--batch: expected 1 to 4096, received \(batch)")
    }
    guard (1...256).contains(threads) else {
      throw ValidationError("--threads: expected 1 to 256, received \(threads)")
    }
    guard seconds > 0, seconds <= 3600 else {
      throw ValidationError("--seconds: expected more than 0 and up to 3600, received \(seconds)")
    }
  }

  func run() throws { try reportingFailures(of: "moe-train", carryOut) }

  private func carryOut() throws {
    guard precision != .bf16 || Kernels.current.hasBFloat16 else {
      throw RunError("--precision bf16: this processor or its kernels (\(Kernels.description)) have no bfloat16")
    }
    Kernels.select(precision ?? .fp32)
    let speed = try measure()
    guard json else {
      print(
        """
        \(speed.backbone.rawValue) \(speed.work), batch \(speed.batch), \(speed.threads) threads, \(speed.kernels)
        \(String(format: "best %.2f ms, median %.2f ms, %.1f images/s", speed.bestMS, speed.medianMS, speed.imagesPerSecond))
        """)
      return
    }
    print(String(decoding: try JSONEncoder().encode(speed), as: UTF8.self))
  }

  private func measure() throws -> NetworkSpeed {
    if let recipe {
      var recipe = try Recipe(path: recipe)
      recipe.stage1.batchSize = batch ?? recipe.stage1.batchSize
      recipe.stage1.precision = precision ?? recipe.stage1.precision
      let source = try origin.source
      let teacher = try origin.teacher.map {
        try Teacher(ModelBundle.loadAll($0), digest: ModelBundle(folder: $0).digest)
      }
      return try NetworkSpeed(trainingBy: recipe, backboneOf: source, teacher: teacher, seconds: seconds)
    }
    let backbone = try ModelBundle.loadAll(model ?? "").backbone
    return NetworkSpeed(inferenceOf: backbone, batch: batch ?? 1, threads: threads, seconds: seconds)
  }
}
