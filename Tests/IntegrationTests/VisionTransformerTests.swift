import Foundation
import Testing

/// A vision transformer, whose experts answer with features that the base station's head reads, by the real programs.
@Suite(.serialized) struct VisionTransformerTests {
  /// A served model whose weights are drawn at random, of as many classes as the generated images have.
  private func serving(_ options: [String]) throws -> Cluster {
    try Cluster.serving(["--id", "3"] + options) { folder in
      let trainer = try ChildProcess(
        "moe-train", ["init", "--backbone", "vit", "--classes", "10", "--experts", "8", "--model", folder.path],
        in: folder.deletingLastPathComponent())
      #expect(try trainer.finish().status == 0, "\(trainer.standardError)")
    }
  }

  @Test(arguments: [["--top-k", "1"], ["--top-k", "3"], ["--top-k", "2", "--link", "digital"]])
  func `the networked evaluation equals the in-process one, line by line`(options: [String]) throws {
    // Another expert than in one process answers where one is late.
    let cluster = try serving(options + ["--reply-timeout-ms", "30000", "--min-reply-timeout-ms", "30000"])
    defer { cluster.end() }
    let networked = cluster.folder.appendingPathComponent("networked").path
    let inProcess = cluster.folder.appendingPathComponent("in-process").path
    let (status, _, errors) = try cluster.client("evaluate", evaluation(["--predictions", networked], limit: 60))
    #expect(status == 0, "\(errors)")
    let trainer = try ChildProcess(
      "moe-train",
      ["evaluate", "--model", cluster.model.path, "--bs-id", "3", "--seed", "1"] + options
        + evaluation(["--predictions", inProcess], limit: 60),
      in: cluster.folder)
    #expect(try trainer.finish().status == 0, "\(trainer.standardError)")
    let files = try [networked, inProcess].map { try String(contentsOfFile: $0, encoding: .utf8) }
    #expect(firstDifference(files) == nil)
    #expect(files[0].split(separator: "\n").count == 60)
  }

  @Test(arguments: ["analog", "digital"]) func `answers are replayed in one process`(link: String) throws {
    let cluster = try serving(["--link", link, "--top-k", "2"])
    defer { cluster.end() }
    let pictures = try (0..<3).map { try writePicture("picture-\($0).ppm", in: cluster.folder) }
    let (status, output, errors) = try cluster.client("infer", pictures + ["--json"])
    #expect(status == 0, "\(errors)")
    let results = cluster.folder.appendingPathComponent("results.jsonl")
    try Data(output.utf8).write(to: results)
    func replay(seed: String) throws -> Int32 {
      let client = try ChildProcess(
        "moe-client", ["replay", results.path, "--model", cluster.model.path, "--bs-id", "3", "--seed", seed],
        in: cluster.folder)
      return try client.finish().status
    }
    #expect(try replay(seed: "1") == 0)
    #expect(try replay(seed: "2") == 1)
  }

  @Test func `infer classifies, and the base station's own experts stand in when all others are gone`() throws {
    let cluster = try serving(["--fallback", "local"])
    defer { cluster.end() }
    let picture = try writePicture("p.ppm", in: cluster.folder)
    let (status, output, errors) = try cluster.client("infer", [picture, "--json", "--explain"])
    #expect(status == 0, "\(errors)")
    let line = try #require(decodeLines(InferLine.self, output).first)
    #expect(line.label == "class \(line.class)" && line.probability > 0.1)
    for expert in 0..<Cluster.expertCount { cluster.experts[expert]?.send(SIGKILL) }
    let (later, localOutput, localErrors) = try cluster.client("infer", [picture, "--json"])
    #expect(later == 0, "\(localErrors)")
    #expect(try decodeLines(InferLine.self, localOutput).first?.label.hasPrefix("class ") == true)
  }
}
