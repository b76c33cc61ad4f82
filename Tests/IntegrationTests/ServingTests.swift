import Foundation
import Testing

/// The main job, by the real programs: pictures in, classes out.
@Suite(.serialized) struct ServingTests {
  @Test func `infer classifies pictures through eight experts that are dialled`() throws {
    let cluster = try Cluster.serving()
    defer { cluster.end() }
    let pictures = try ["a", "b", "c"].map { try writePicture("\($0).ppm", in: cluster.folder) }
    let (status, output, errors) = try cluster.client("infer", pictures + ["--json"])
    #expect(status == 0, "\(errors)")
    let lines = try decodeLines(InferLine.self, output)
    #expect(lines.map(\.file) == pictures)
    for line in lines {
      #expect(line.label == "class \(line.class)")
      #expect((0...1).contains(line.probability))
      #expect(line.experts == [line.expert])
      #expect(line.snr_db != nil && line.link == "analog")
      #expect(line.latency_us > 0)
    }
  }

  @Test func `a file that is no picture fails alone, by name, and the others are classified`() throws {
    let cluster = try Cluster.serving()
    defer { cluster.end() }
    let good = try writePicture("good.ppm", in: cluster.folder)
    let bad = cluster.folder.appendingPathComponent("bad.png").path
    try Data("no picture".utf8).write(to: URL(fileURLWithPath: bad))
    let (status, output, errors) = try cluster.client("infer", [bad, good, "/nowhere/x.png", "--json"])
    #expect(status == 1)
    #expect(output.split(separator: "\n").count == 3)
    #expect(try decodeLines(FailedLine.self, output).compactMap(\.error).count == 2)
    #expect(errors.contains(bad) && errors.contains("/nowhere/x.png"))
    #expect(errors.split(separator: "\n").count == 2)
  }

  @Test func `an image's answer does not depend on how many callers there are`() throws {
    let cluster = try Cluster.serving()
    defer { cluster.end() }
    let files = try [1, 16].map { concurrency in
      let file = cluster.folder.appendingPathComponent("predictions-\(concurrency)").path
      let (status, _, errors) = try cluster.client(
        "evaluate", evaluation(["--concurrency", "\(concurrency)", "--predictions", file]))
      #expect(status == 0, "\(errors)")
      return try String(contentsOfFile: file, encoding: .utf8)
    }
    #expect(firstDifference(files) == nil)
    #expect(files[0].split(separator: "\n").count == 300)
  }

  @Test(arguments: [[], ["--scenario", "cell-edge", "--feedback-error-db", "6", "--feedback-delay-blocks", "1"]])
  func `the networked evaluation equals the in-process one, line by line`(link: [String]) throws {
    let cluster = try Cluster.serving(["--id", "3"], expertOptions: ["--clock", "request", "--seed", "1"] + link)
    defer { cluster.end() }
    let networked = cluster.folder.appendingPathComponent("networked").path
    let inProcess = cluster.folder.appendingPathComponent("in-process").path
    let (status, _, errors) = try cluster.client("evaluate", evaluation(["--predictions", networked]))
    #expect(status == 0, "\(errors)")
    let trainer = try ChildProcess(
      "moe-train",
      ["evaluate", "--model", cluster.model.path, "--bs-id", "3", "--seed", "1"] + link
        + evaluation(["--predictions", inProcess]),
      in: cluster.folder)
    #expect(try trainer.finish().status == 0, "\(trainer.standardError)")
    let files = try [networked, inProcess].map { try String(contentsOfFile: $0, encoding: .utf8) }
    #expect(firstDifference(files) == nil)
    let lines = try decodeLines(Prediction.self, files[0])
    #expect(lines.map(\.index) == Array(0..<300))
    #expect(Set(lines.map(\.expert)).count > 1, "one expert for all would show little")
  }

  @Test func `evaluate reports what it counted`() throws {
    let cluster = try Cluster.serving(["--gate", "random"])
    defer { cluster.end() }
    let (status, output, errors) = try cluster.client("evaluate", evaluation(["--json"]))
    #expect(status == 0, "\(errors)")
    let summary = try #require(decodeLines(EvaluationLine.self, output).first)
    #expect(summary.images == 300 && summary.errors == 0 && summary.gate == "random" && summary.top_k == 1)
    #expect(summary.accuracy == Double(summary.correct) / 300)
    #expect(summary.experts.map(\.expert) == Array(0..<8), "at random, every expert has its turn")
    #expect(summary.experts.map(\.selected).reduce(0, +) == 300)
    #expect(summary.latency_us.p50 <= summary.latency_us.max)
  }

  @Test func `two clients at once both get all their answers`() throws {
    let cluster = try Cluster.serving()
    defer { cluster.end() }
    let clients = try (0..<2).map { _ in try cluster.startClient("evaluate", evaluation(["--json"])) }
    let outputs = try clients.map { client in
      let (status, output) = try client.finish()
      #expect(status == 0, "\(client.standardError)")
      return try #require(decodeLines(EvaluationLine.self, output).first)
    }
    #expect(outputs.map(\.errors) == [0, 0])
    #expect(outputs[0].correct == outputs[1].correct)
  }

  @Test(arguments: ["base", "naive", "best-snr", "channel-aware"])
  func `every gate serves over every link that is built`(gate: String) throws {
    let cluster = try Cluster.serving(["--gate", gate, "--link", "ideal"])
    defer { cluster.end() }
    let (status, output, errors) = try cluster.client("evaluate", evaluation(["--json"], limit: 40))
    #expect(status == 0, "\(errors)")
    let summary = try #require(decodeLines(EvaluationLine.self, output).first)
    #expect(summary.gate == gate && summary.link == "ideal" && summary.errors == 0)
  }

  @Test(arguments: ["analog", "digital"])
  func `by the wall clock links change with time and everything is served`(link: String) throws {
    let cluster = try Cluster.serving(["--link", link], expertOptions: ["--clock", "wall", "--coherence-ms", "5"])
    defer { cluster.end() }
    let (status, output, errors) = try cluster.client("evaluate", evaluation(["--json"]))
    #expect(status == 0, "\(errors)")
    #expect(try decodeLines(EvaluationLine.self, output).first?.errors == 0)
  }

  @Test func `bench reports its load`() throws {
    let cluster = try Cluster.serving()
    defer { cluster.end() }
    let (status, output, errors) = try cluster.client(
      "bench", ["--concurrency", "4", "--batch", "3", "--seconds", "0.5", "--warm-up", "0.1", "--json"])
    #expect(status == 0, "\(errors)")
    let summary = try #require(decodeLines(BenchLine.self, output).first)
    #expect(summary.requests > 0 && summary.images == 3 * summary.requests && summary.errors == 0)
    #expect(summary.images_per_second > 0 && summary.latency_us.p50 > 0 && summary.latency_us.isOrdered)
  }

  @Test func `bench sends at a rate over several connections, and says what became of it`() throws {
    let cluster = try Cluster.serving()
    defer { cluster.end() }
    let load = ["--rate", "300", "--arrivals", "uniform", "--connections", "5", "--seconds", "1", "--warm-up", "0"]
    let (status, output, errors) = try cluster.client("bench", load + ["--json"])
    #expect(status == 0, "\(errors)")
    let summary = try #require(decodeLines(BenchLine.self, output).first)
    #expect(summary.requests == 300 && summary.images == 300 && summary.errors == 0 && summary.unsent == 0)
    #expect(summary.offered_per_second == 300 && summary.latency_us.isOrdered && summary.send_delay_us.max > 0)
    // No answer can be there in a microsecond.
    let late = try cluster.client("bench", load + ["--no-retry", "--deadline-ms", "0.001", "--json"])
    #expect(late.status == 1 && late.errors.contains("300 of 300 images were not classified"), "\(late.errors)")
    let lost = try #require(decodeLines(BenchLine.self, late.output).first)
    #expect(lost.expired == 300 && lost.errors == 300 && lost.images_per_second == 0)
    #expect(try cluster.client("bench", ["--rate", "5", "--concurrency", "2"]).status == 64)
  }

  @Test func `status is watched until Ctrl-C, through the base station's restart`() throws {
    let cluster = try Cluster.serving()
    defer { cluster.end() }
    let options = ["--watch", "--interval", "0.05", "--connect-timeout", "20"]
    let watch = try cluster.startClient("status", options + ["--json"])
    func looks(until isSeen: (Cluster.StatusReport) -> Bool) throws {
      while true {
        let line = try watch.nextLine(within: 20)
        if isSeen(try JSONDecoder().decode(Cluster.StatusReport.self, from: Data(line.utf8))) { return }
      }
    }
    try looks { $0.upCount == 8 }
    let pictures = [try writePicture("p.ppm", in: cluster.folder)]
    #expect(try cluster.client("infer", pictures).status == 0)
    try looks { $0.counters["images"] == 1 }
    let address = cluster.address
    cluster.baseStation?.end()
    try cluster.startBaseStation([], at: address)
    try looks { $0.counters["images"] == 0 && $0.upCount == 8 }
    watch.send(SIGINT)
    #expect(try watch.finish(within: 10).status == 0)

    let blocks = try cluster.startClient("status", options)
    while try !blocks.nextLine(within: 20).hasSuffix("a second") {}
    blocks.send(SIGINT)
    let (status, output) = try blocks.finish(within: 10)
    #expect(status == 0 && !output.contains("\u{1B}"))
  }

  @Test func `the library's snippet is the one in the README, and it works`() throws {
    let cluster = try Cluster.serving()
    defer { cluster.end() }
    let source = repository.appendingPathComponent("Tests/Snippets/classify/main.swift")
    let snippet = try String(contentsOf: source, encoding: .utf8)
    let readme = try String(contentsOf: repository.appendingPathComponent("README.md"), encoding: .utf8)
    #expect(readme.contains(snippet))
    #expect(snippet.split(separator: "\n").count <= 10)
    let picture = try writePicture("p.ppm", in: cluster.folder)
    let process = try ChildProcess("classify", [cluster.address, picture], in: cluster.folder)
    let (status, output) = try process.finish(within: 20)
    #expect(status == 0, "\(process.standardError)")
    #expect(output.hasPrefix("\(picture) class "))
  }

  @Test func `a client in another language, written from the protocol's document, gets the same answers`() throws {
    let cluster = try Cluster.serving()
    defer { cluster.end() }
    let file = cluster.folder.appendingPathComponent("predictions").path
    let (status, _, errors) = try cluster.client("evaluate", evaluation(["--predictions", file], limit: 20))
    #expect(status == 0, "\(errors)")
    let ours = try decodeLines(Prediction.self, String(contentsOfFile: file, encoding: .utf8))

    let python = Process()
    let output = Pipe()
    python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    python.arguments = [
      "python3", repository.appendingPathComponent("scripts/protocol_client.py").path, "--bs", cluster.address,
      "--cifar",
      generatedCIFAR.appendingPathComponent("cifar-10-batches-bin/test_batch.bin").path, "--count", "20", "--block",
      "0",
    ]
    python.standardOutput = output
    try python.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    python.waitUntilExit()
    #expect(python.terminationStatus == 0)
    let theirs = try decodeLines(ForeignPrediction.self, text)
    #expect(theirs.map(\.index) == ours.map(\.index))
    #expect(theirs.map(\.class) == ours.map(\.class))
  }

  private struct ForeignPrediction: Decodable {
    let index: Int
    let `class`: Int
  }
}

/// Options for an evaluation of generated images.
func evaluation(_ more: [String] = [], limit: Int = 300) -> [String] {
  ["--dataset", "cifar-10", "--data", generatedCIFAR.path, "--limit", "\(limit)"] + more
}

/// The root of the package.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()
