import Foundation
import Testing

/// The digital link by the real programs: coded at the base station, damaged and decoded at the experts.
@Suite(.serialized) struct DigitalTests {
  /// A law under which a random link loses about half of what it carries.
  private static let harsh = ["--snr-mean-db", "9", "--snr-std-db", "6"]

  private struct Run {
    let predictions: String
    let summary: EvaluationLine
  }

  private func networked(_ cluster: Cluster, limit: Int = 300) throws -> Run {
    let file = cluster.folder.appendingPathComponent("networked").path
    let (status, output, errors) = try cluster.client(
      "evaluate", evaluation(["--predictions", file, "--json"], limit: limit))
    #expect(status == 0, "\(errors)")
    return Run(
      predictions: try String(contentsOfFile: file, encoding: .utf8),
      summary: try #require(decodeLines(EvaluationLine.self, output).first))
  }

  private func inProcess(_ cluster: Cluster, _ options: [String], limit: Int = 300) throws -> Run {
    let file = cluster.folder.appendingPathComponent("in-process").path
    let trainer = try ChildProcess(
      "moe-train",
      ["evaluate", "--model", cluster.model.path, "--link", "digital", "--seed", "1"] + options
        + evaluation(["--predictions", file, "--json"], limit: limit),
      in: cluster.folder)
    let (status, output) = try trainer.finish()
    #expect(status == 0, "\(trainer.standardError)")
    return Run(
      predictions: try String(contentsOfFile: file, encoding: .utf8),
      summary: try #require(decodeLines(EvaluationLine.self, output).first))
  }

  @Test(arguments: [
    ["--on-decode-failure", "redispatch"], ["--on-decode-failure", "erasure"], ["--on-decode-failure", "raw"],
    ["--top-k", "2", "--max-attempts", "2"], ["--gate", "random", "--max-attempts", "8"],
  ])
  func `networked equals in-process, line by line and bit by bit, under every policy`(options: [String]) throws {
    let cluster = try Cluster.serving(
      // However slow the machine is: an expert that is late would be passed over, which nobody is in one process.
      ["--link", "digital", "--seed", "1", "--reply-timeout-ms", "30000"] + options,
      expertOptions: ["--clock", "request", "--seed", "1"] + Self.harsh)
    defer { cluster.end() }
    let networked = try networked(cluster)
    let inProcess = try inProcess(cluster, options + Self.harsh)
    #expect(networked.predictions == inProcess.predictions)
    #expect(networked.summary.delivered == inProcess.summary.delivered)
    let (ours, theirs) = (networked.summary.radio_per_image, inProcess.summary.radio_per_image)
    #expect(abs(ours.airtime_us - theirs.airtime_us) < 1e-3)
    #expect(
      [ours.transmissions, ours.decode_failures, ours.value_bits, ours.information_bits, ours.coded_bits, ours.symbols]
        == [
          theirs.transmissions, theirs.decode_failures, theirs.value_bits, theirs.information_bits, theirs.coded_bits,
          theirs.symbols,
        ])
    #expect([ours.bit_errors, ours.information_bit_errors] == [theirs.bit_errors, theirs.information_bit_errors])
    #expect(networked.summary.link == "digital" && networked.summary.errors == 0)
    #expect(ours.decode_failures > 0.05, "without losses the policies would not matter")
  }

  @Test func `hard decisions lose more than soft ones`() throws {
    let cluster = try Cluster.serving(
      ["--link", "digital", "--on-decode-failure", "erasure"],
      expertOptions: ["--clock", "request", "--seed", "1", "--decisions", "hard"] + Self.harsh)
    defer { cluster.end() }
    let options = ["--on-decode-failure", "erasure"] + Self.harsh
    let hard = try networked(cluster)
    #expect(try inProcess(cluster, options + ["--decisions", "hard"]).predictions == hard.predictions)
    #expect(try inProcess(cluster, options).summary.delivered > hard.summary.delivered)
  }

  @Test func `by the paper's law a random link delivers two of three, re-dispatch practically everything`() throws {
    let cluster = try Cluster()
    defer { cluster.end() }
    let random = ["--gate", "random"]
    func share(_ options: [String]) throws -> Double {
      try Double(inProcess(cluster, options, limit: 10_000).summary.delivered) / 10_000
    }
    // 0.658 with a standard error of 0.0047.
    #expect(abs(try share(random + ["--on-decode-failure", "erasure"]) - 0.658) < 0.0166)
    #expect(try share(random + ["--max-attempts", "8"]) >= 0.999)
    #expect(try share(["--gate", "best-snr"]) >= 0.999)
  }

  @Test func `infer tells what a picture took of the links`() throws {
    let cluster = try Cluster.serving(["--link", "digital"])
    defer { cluster.end() }
    let picture = try writePicture("a.ppm", in: cluster.folder)
    let (status, output, errors) = try cluster.client("infer", [picture, "--json"])
    #expect(status == 0, "\(errors)")
    let line = try #require(decodeLines(InferLine.self, output).first)
    #expect(line.link == "digital" && line.snr_db != nil)
    #expect(line.radio.transmissions >= 1 && line.radio.transmissions <= 3)
    #expect(line.radio.value_bits == 960 * line.radio.transmissions)
    #expect(line.radio.symbols == line.radio.coded_bits / 4)
    #expect(abs(line.radio.airtime_us - line.radio.symbols) < 1e-3, "a million symbols a second")
    #expect(line.delivered == (line.radio.decode_failures < line.radio.transmissions))
  }

  @Test func `the symbol rate is the experts' and scales the time on air`() throws {
    let cluster = try Cluster.serving(
      ["--link", "digital"], expertOptions: ["--clock", "request", "--symbol-rate-hz", "250000"])
    defer { cluster.end() }
    let radio = try networked(cluster, limit: 40).summary.radio_per_image
    #expect(abs(radio.airtime_us - 4 * radio.symbols) < 1e-2)
  }

  @Test func `a model without a Huffman table serves analog links only, and says so in one line`() throws {
    let cluster = try Cluster()
    defer { cluster.end() }
    let bare = cluster.folder.appendingPathComponent("bare")
    try Cluster.writeModel(to: bare, seed: 1, hasLatentTable: false)
    for (program, arguments) in [
      ("moe-bs", ["--model", bare.path, "--listen", "127.0.0.1:0", "--link", "digital"]),
      ("moe-train", ["evaluate", "--model", bare.path, "--link", "digital"] + evaluation()),
    ] {
      let process = try ChildProcess(program, arguments, in: cluster.folder)
      #expect(try process.finish(within: 10).status == 1)
      let errors = process.standardError
      #expect(errors.contains("latentTable: expected a Huffman table for digital links, not there"), "\(errors)")
      #expect(errors.split(separator: "\n").count == 1)
    }
  }
}
