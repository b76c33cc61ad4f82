import Foundation
import Testing

/// How fast, and at which precision: what the programs say of it.
@Suite(.serialized) struct SpeedTests {
  private struct SpeedLine: Decodable {
    let backbone: String
    let work: String
    let batch: Int
    let runs: Int
    let best_ms: Double
    let median_ms: Double
    let images_per_second: Double
  }

  private func speed(_ arguments: [String], in folder: URL) throws -> SpeedLine {
    let process = try ChildProcess(
      "moe-train", ["speed", "--json", "--seconds", "0.05"] + arguments, in: folder)
    let (status, output) = try process.finish(within: 60)
    #expect(status == 0, "\(process.standardError)")
    return try #require(try decodeLines(SpeedLine.self, output).first)
  }

  @Test func `a network's inference and training are timed`() throws {
    let cluster = try Cluster()
    defer { cluster.end() }
    let inference = try speed(["--model", cluster.model.path, "--batch", "3"], in: cluster.folder)
    #expect(inference.backbone == "lenet5" && inference.work == "inference" && inference.batch == 3)
    let recipe = UsageTests.experiments + "/../recipes/lenet5-cifar10-k8-robust.json"
    let training = try speed(["--recipe", recipe, "--batch", "32"], in: cluster.folder)
    #expect(training.work == "training" && training.batch == 32)
    let text = try String(contentsOfFile: recipe, encoding: .utf8)
    let kept = cluster.folder.appendingPathComponent("kept.json").path
    try text.replacingOccurrences(of: "\"stage1\": {", with: "\"stage1\": { \"frozenBackboneViews\": 1,")
      .write(toFile: kept, atomically: true, encoding: .utf8)
    let homeless = try ChildProcess("moe-train", ["speed", "--recipe", kept], in: cluster.folder)
    #expect(try homeless.finish(within: 60).status == 1)
    #expect(homeless.standardError.contains("--backbone-of: expected a model"))
    let heads = try speed(
      ["--recipe", kept, "--batch", "32", "--backbone-of", cluster.model.path], in: cluster.folder)
    #expect(heads.work == "training" && heads.batch == 32)
    for line in [inference, training, heads] {
      #expect(line.runs > 0 && line.best_ms > 0 && line.median_ms >= line.best_ms)
      #expect(abs(line.images_per_second - 1000 * Double(line.batch) / line.median_ms) < 1e-6 * line.images_per_second)
    }
    #expect(training.median_ms > inference.median_ms)
  }

  @Test func `a base station takes bf16 where the processor has it, and otherwise says so and serves all the same`()
    throws
  {
    let version = try ChildProcess("moe-bs", ["--version"], in: FileManager.default.temporaryDirectory)
    let kernels = try version.finish(within: 5).output
    let hasBFloat16 = kernels.contains("bfloat16") || kernels.contains("AMX")
    let cluster = try Cluster.serving(["--precision", "bf16"])
    defer { cluster.end() }
    let answer = try cluster.client("infer", ["--json", writePicture("a.ppm", in: cluster.folder)])
    #expect(answer.status == 0)
    #expect(try decodeLines(InferLine.self, answer.output).count == 1)
    let said = try #require(cluster.baseStation).standardError.contains("have no bfloat16; using fp32")
    #expect(said != hasBFloat16)
  }
}
