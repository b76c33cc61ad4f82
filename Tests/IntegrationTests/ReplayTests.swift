import Foundation
import Testing

@Suite struct ReplayTests {
  @Test(arguments: [["--link", "analog", "--top-k", "2"], ["--link", "digital"], ["--link", "ideal"]])
  func `answers of real processes are replayed in one, and other links give others`(options: [String]) throws {
    let cluster = try Cluster.serving(["--id", "5"] + options)
    defer { cluster.end() }
    let pictures = try (0..<6).map { try writePicture("picture-\($0).ppm", in: cluster.folder) }
    let (status, output, errors) = try cluster.client("infer", pictures + ["--json"])
    #expect(status == 0, "\(errors)")
    let results = cluster.folder.appendingPathComponent("results.jsonl")
    try Data(output.utf8).write(to: results)
    func replay(seed: String) throws -> (status: Int32, output: String) {
      let client = try ChildProcess(
        "moe-client",
        ["replay", results.path, "--model", cluster.model.path, "--bs-id", "5", "--seed", seed, "--json"],
        in: cluster.folder)
      let (status, output) = try client.finish()
      return (status, output)
    }
    struct Line: Decodable { let agrees: Bool }
    let same = try replay(seed: "1")
    let lines = try decodeLines(Line.self, same.output)
    #expect(same.status == 0, "\(same.output)")
    #expect(lines.map(\.agrees) == Array(repeating: true, count: 6))
    let other = try replay(seed: "2")
    #expect(other.status == (options.contains("ideal") ? 0 : 1))
  }
}
