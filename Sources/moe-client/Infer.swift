import ArgumentParser
import Foundation
import InferenceClient

struct Infer: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Classify pictures: files (PNG, JPEG, PPM, PGM) or folders of them.")

  @OptionGroup var connection: ConnectionOptions

  @Argument(help: ArgumentHelp("Pictures, or folders with pictures.", valueName: "file-or-folder"))
  var paths: [String]

  func run() async throws {
    let files = try paths.flatMap(pictures(at:))
    let client = try await connection.connect()
    var table = Table("picture", "class", ">probability", ">expert", ">SNR dB", ">latency us")
    var failures = 0
    for file in files {
      do {
        let pixels = try client.prepare(contentsOf: file)
        let answer = try await client.answer(to: InferenceRequest(pixels: pixels))
        guard let outcome = answer.outcomes.first else { throw InferenceError.badRequest("no outcome") }
        let classification = try outcome.get()
        if connection.json {
          try printJSON(Line(file: file, classification, latency: answer.latency))
        } else {
          table.add(
            URL(fileURLWithPath: file).lastPathComponent, classification.label, classification.probability.rounded(3),
            classification.leadingExpert.map { "\($0.expert)" } ?? "-",
            classification.leadingExpert?.snrDB.map { $0.rounded(1) } ?? "-", "\(answer.latency.wholeMicroseconds)")
        }
      } catch {
        failures += 1
        if connection.json { try printJSON(FailedLine(file: file, error: "\(error)")) }
        _ = failure("\(error)".contains(file) ? "\(error)" : "\(file): \(error)")
      }
    }
    await client.close()
    if !connection.json && failures < files.count { table.show() }
    if failures > 0 { throw ExitCode(1) }
  }

  /// The file itself, or the pictures in a folder by name; what is in there with another ending is left alone.
  private func pictures(at path: String) throws -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      return [path]
    }
    let endings: Set = ["png", "jpg", "jpeg", "ppm", "pgm", "pnm"]
    let names = try FileManager.default.contentsOfDirectory(atPath: path)
      .filter { endings.contains(URL(fileURLWithPath: $0).pathExtension.lowercased()) }
    guard !names.isEmpty else {
      throw failure("\(path): the folder holds no picture (\(endings.sorted().joined(separator: ", ")))")
    }
    return names.sorted().map { path.hasSuffix("/") ? path + $0 : path + "/" + $0 }
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
    }
  }

  private struct FailedLine: Encodable {
    let file: String
    let error: String
  }
}
