import ArgumentParser
import Datasets
import Foundation
import InferenceClient
import Radio

struct Infer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Classify pictures: files (PNG, JPEG, PPM, PGM) or folders of them.")

  @OptionGroup var connection: ConnectionOptions

  @Argument(help: ArgumentHelp("Pictures, or folders with pictures.", valueName: "file-or-folder"))
  var paths: [String]

  @Flag(help: "Tell why each picture went to its expert: the gate's weights, the links, the time of each stage.")
  var explain = false

  func run() async throws {
    let client = try await connection.connect()
    var table = Table("picture", "class", ">probability", ">expert", ">SNR dB", ">sent", ">air us", ">latency us")
    var explanations: [(file: String, view: ExplanationView)] = []
    var failures = 0
    var successes = 0
    func fail(_ file: String, _ error: any Error) throws {
      failures += 1
      if connection.json { try printJSON(FailedLine(file: file, error: "\(error)")) }
      _ = failure("\(error)".contains(file) ? "\(error)" : "\(file): \(error)")
    }
    for path in paths {
      let files: [String]
      do {
        files = try PictureFiles.at(path)
      } catch {
        try fail(path, error)
        continue
      }
      for file in files {
        do {
          let (classification, latency) = try await classify(file, by: client)
          successes += 1
          if connection.json {
            try printJSON(Line(file: file, classification, latency: latency))
          } else {
            table.add(
              URL(fileURLWithPath: file).lastPathComponent, classification.label,
              classification.probability.rounded(3), classification.leadingExpert.map { "\($0.expert)" } ?? "-",
              classification.leadingExpert?.snrDB.map { $0.rounded(1) } ?? "-", "\(classification.use.transmissions)",
              (1e6 * classification.use.airtime).rounded(0), "\(latency.wholeMicroseconds)")
            if let explanation = classification.explanation {
              explanations.append((file, ExplanationView(explanation, chosen: classification.experts.map(\.expert))))
            }
          }
        } catch {
          try fail(file, error)
        }
      }
    }
    await client.close()
    if !connection.json && successes > 0 { table.show() }
    for (file, view) in explanations {
      print("\n\(URL(fileURLWithPath: file).lastPathComponent)")
      view.show()
    }
    if failures > 0 { throw ExitCode(1) }
  }

  private func classify(
    _ file: String, by client: InferenceClient
  ) async throws(InferenceError) -> (classification: Classification, latency: Duration) {
    var request = InferenceRequest(pixels: try client.prepare(contentsOf: file))
    request.wantsExplanations = explain
    let answer = try await client.answer(to: request)
    guard let outcome = answer.outcomes.first else { throw .badRequest("the answer is empty") }
    return (try outcome.get(), answer.latency)
  }

  /// One line of `--json`.
  private struct Line: Encodable {
    let file: String
    let `class`: Int
    let label: String
    let probability: Float
    let expert: Int
    let experts: [Int]
    let snrDb: Nullable<Float>
    let link: String
    let latencyUs: UInt64
    let block: UInt64
    let delivered: Bool
    let radio: LinkUse.Mean
    let shares: [Share]
    let modelDigest: String
    let explanation: ExplanationView?

    /// What a replay of one expert's part needs.
    struct Share: Encodable {
      let expert: Int
      let process: UInt32
      let weight: Float
      let tag: UInt64
      let attempt: UInt32
      let delivery: String
    }

    init(file: String, _ classification: Classification, latency: Duration) {
      self.file = file
      self.class = classification.classIndex
      label = classification.label
      probability = classification.probability
      expert = classification.leadingExpert?.expert ?? -1
      experts = classification.experts.map(\.expert)
      snrDb = Nullable(classification.leadingExpert?.snrDB)
      link = classification.link
      latencyUs = latency.wholeMicroseconds
      block = classification.block
      delivered = classification.isDelivered
      radio = classification.use.mean(over: 1)
      shares = classification.experts.map {
        Share(
          expert: $0.expert, process: $0.process, weight: $0.weight, tag: $0.tag, attempt: $0.attempt,
          delivery: "\($0.delivery)")
      }
      modelDigest = classification.modelDigest
      explanation = classification.explanation.map {
        ExplanationView($0, chosen: classification.experts.map(\.expert))
      }
    }
  }

  private struct FailedLine: Encodable {
    let file: String
    let error: String
  }
}
