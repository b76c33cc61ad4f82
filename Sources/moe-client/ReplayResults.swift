import ArgumentParser
import CommandOptions
import Datasets
import Digests
import Foundation
import MixtureOfExperts
import Radio
import Replay

struct ReplayResults: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Compute answers again, in this process, and compare: what infer --json has printed, line by line.",
    discussion: """
      Needs the whole model's folder, the pictures where they were, and the options of the experts' links (--seed, \
      --scenario and so on). Block, tag, attempt and process of each answer key everything that is random about a link. \
      Probabilities agree to the last bit on the same processor type with the same kernels, else to within 1e-4.
      """)

  @Argument(help: ArgumentHelp("What infer --json has printed; - reads standard input.", valueName: "file"))
  var results: String

  @Option(help: ArgumentHelp("The model's folder.", valueName: "dir"))
  var model: String

  @Option(help: ArgumentHelp("The base station's number (moe-bs --id).", valueName: "n"))
  var bsID: UInt32 = 0

  @Option(help: "What the experts' demodulators told their decoders: soft (default) or hard.", transform: named)
  var decisions: Decisions = .soft

  @OptionGroup(title: "Link") var link: LinkOptions

  @Flag(help: "Print JSON, one object a line, and nothing else.")
  var json = false

  /// How far a probability may be from the one that was told.
  private static let tolerance: Float = 1e-4

  func validate() throws { try checkKernels() }

  func run() throws {
    let replay: Replay
    let lines: [Line]
    do {
      replay = try Replay(
        model: model, link: try link.configuration(), baseStation: bsID, decisions: decisions)
      lines = try readLines()
    } catch let error where !(error is ValidationError) {
      throw failure("\(error)")
    }
    var differing = 0
    for line in lines {
      let outcome = Result { try self.outcome(of: line, by: replay) }
      let report = Report(line, outcome)
      if !report.agrees { differing += 1 }
      if json { try printJSON(report) } else { print(report.text) }
    }
    if !json { print("\(lines.count - differing) of \(lines.count) answers agree") }
    if differing > 0 { throw ExitCode(1) }
  }

  private func outcome(of line: Line, by replay: Replay) throws -> Prediction {
    guard line.modelDigest == replay.digest.hex else {
      throw RunError("of model \(line.modelDigest.prefix(12)), --model is \(replay.digest.short)")
    }
    guard let kind = LinkKind(name: line.link) else { throw RunError("link: an unknown kind \"\(line.link)\"") }
    let shares = try line.shares.map { share in
      guard let delivery = Delivery.allCases.first(where: { $0.name == share.delivery }) else {
        throw RunError("delivery: an unknown kind \"\(share.delivery)\"")
      }
      return Replay.Share(
        expert: share.expert, process: share.process, weight: share.weight, tag: share.tag, attempt: share.attempt,
        delivery: delivery)
    }
    let pixels = try Picture.read(line.file).fitted(to: replay.model.description.inputShape)
    return try replay.prediction(of: pixels, over: kind, block: line.block, shares: shares)
  }

  /// The answers in the file; lines that tell of failures are left out.
  private func readLines() throws -> [Line] {
    let data =
      results == "-"
      ? FileHandle.standardInput.readDataToEndOfFile() : try Data(contentsOf: URL(fileURLWithPath: results))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    var lines: [Line] = []
    for (number, text) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
      if let failed = try? decoder.decode(Failed.self, from: text), !failed.error.isEmpty { continue }
      do {
        lines.append(try decoder.decode(Line.self, from: text))
      } catch {
        throw RunError("\(results): line \(number + 1) is no line of infer --json: \(error)")
      }
    }
    return lines
  }

  private struct Failed: Decodable { let error: String }

  private struct Line: Decodable {
    let file: String
    let `class`: Int
    let probability: Float
    let block: UInt64
    let link: String
    let modelDigest: String
    let shares: [Share]

    struct Share: Decodable {
      let expert: Int
      let process: UInt32
      let weight: Float
      let tag: UInt64
      let attempt: UInt32
      let delivery: String
    }
  }

  /// One line of what it prints.
  private struct Report: Encodable {
    let file: String
    let agrees: Bool
    let `class`: Int?
    let probability: Float?
    let error: String?
    private let told: String

    private enum CodingKeys: String, CodingKey { case file, agrees, `class`, probability, error }

    init(_ line: Line, _ outcome: Result<Prediction, any Error>) {
      file = line.file
      told = "class \(line.class), probability \(line.probability)"
      switch outcome {
      case .success(let prediction):
        self.class = prediction.classIndex
        probability = prediction.probability
        error = nil
        agrees =
          prediction.classIndex == line.class && abs(prediction.probability - line.probability) <= tolerance
      case .failure(let failure):
        self.class = nil
        probability = nil
        error = "\(failure)"
        agrees = false
      }
    }

    var text: String {
      if let error { return "\(file): \(error)" }
      guard let `class`, let probability else { return file }
      let mine = "class \(`class`), probability \(probability)"
      return agrees ? "\(file): agrees: \(mine)" : "\(file): differs: told \(told), computed \(mine)"
    }
  }
}
