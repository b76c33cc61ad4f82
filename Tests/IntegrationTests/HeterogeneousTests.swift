import Foundation
import Testing

/// Experts of different widths and depths, by the real programs.
@Suite(.serialized) struct HeterogeneousTests {
  private func serving(_ options: [String]) throws -> Cluster {
    try Cluster.serving(["--id", "3"] + options) { folder in
      let trainer = try ChildProcess(
        "moe-train",
        ["init", "--expert-hidden", "none/20/20/20/148/148/112,48/300", "--model", folder.path],
        in: folder.deletingLastPathComponent())
      #expect(try trainer.finish().status == 0, "\(trainer.standardError)")
    }
  }

  @Test(arguments: [
    ["--top-k", "3"], ["--link", "digital", "--compute-price", "20"], ["--compute-price", "1e6"],
  ])
  func `the networked evaluation equals the in-process one, line by line, and answers are replayed`(
    options: [String]
  ) throws {
    let cluster = try serving(options)
    defer { cluster.end() }
    let networked = cluster.folder.appendingPathComponent("networked").path
    let inProcess = cluster.folder.appendingPathComponent("in-process").path
    let (status, _, errors) = try cluster.client("evaluate", evaluation(["--predictions", networked], limit: 200))
    #expect(status == 0, "\(errors)")
    let trainer = try ChildProcess(
      "moe-train",
      ["evaluate", "--model", cluster.model.path, "--bs-id", "3", "--seed", "1"] + options
        + evaluation(["--predictions", inProcess], limit: 200),
      in: cluster.folder)
    #expect(try trainer.finish().status == 0, "\(trainer.standardError)")
    let files = try [networked, inProcess].map { try String(contentsOfFile: $0, encoding: .utf8) }
    #expect(firstDifference(files) == nil)
    #expect(files[0].split(separator: "\n").count == 200)
    // Where computation costs that much, the cheapest expert answers whatever the gate says.
    let cheapest = files[0].split(separator: "\n").count { $0.contains("\"expert\":0,") }
    #expect((cheapest == 200) == (options.last == "1e6"))

    let picture = try writePicture("p.ppm", in: cluster.folder)
    let (asked, output, problems) = try cluster.client("infer", [picture, "--json"])
    #expect(asked == 0, "\(problems)")
    let results = cluster.folder.appendingPathComponent("results.jsonl")
    try Data(output.utf8).write(to: results)
    let replay = try ChildProcess(
      "moe-client",
      ["replay", results.path, "--model", cluster.model.path, "--bs-id", "3", "--seed", "1", "--json"],
      in: cluster.folder)
    let (replayed, lines) = try replay.finish()
    #expect(replayed == 0 && lines.contains("\"agrees\":true"), "\(lines)")
  }

  @Test(arguments: [
    ("20/20", "--expert-hidden: expected 8 lists, one an expert, received 2"),
    ("1/2/3/4/5/6/7/wide", "--expert-hidden: expected whole numbers or none, received \"wide\""),
    ("1/2/3/4/5/6/7/0", "--expert-hidden.7: expected widths from 1 to 8192, received 0"),
  ])
  func `experts that cannot be are usage errors`(widths: String, message: String) throws {
    let trainer = try ChildProcess(
      "moe-train", ["init", "--expert-hidden", widths, "--model", "m"], in: FileManager.default.temporaryDirectory)
    #expect(try trainer.finish().status == 64)
    #expect(trainer.standardError.contains(message), "\(trainer.standardError)")
  }
}
