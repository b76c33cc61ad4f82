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

  func run() async throws {
    let client = try await connection.connect()
    var table = Table("picture", "class", ">probability", ">expert", ">SNR dB", ">sent", ">air us", ">latency us")
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
          }
        } catch {
          try fail(file, error)
        }
      }
    }
    await client.close()
    if !connection.json && successes > 0 { table.show() }
    if failures > 0 { throw ExitCode(1) }
  }

  private func classify(
    _ file: String, by client: InferenceClient
  ) async throws(InferenceError) -> (classification: Classification, latency: Duration) {
    let answer = try await client.answer(to: InferenceRequest(pixels: client.prepare(contentsOf: file)))
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
    }
  }

  private struct FailedLine: Encodable {
    let file: String
    let error: String
  }
}
