import ArgumentParser
import Foundation

@main
struct ServingBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures the daemons on loopback beside a raw echo of the same bytes, in turn, and prints ratios.")

  @Option(help: "The folder of the built programs.")
  var programs: String = "../.build/release"

  @Option(help: "The model's folder.")
  var model: String = "../Models/lenet5-cifar10-k8-robust"

  @Option(help: "Rounds; the medians over the rounds are printed.")
  var rounds = 5

  @Option(help: "Seconds of each measurement in a round.")
  var seconds = 2.0

  /// The frames of one inference of a 3x32x32 image: request, and result with one expert's share.
  private static let requestBytes = 64 + 3 * 32 * 32
  private static let answerBytes = 192

  func run() throws {
    let folder = URL(fileURLWithPath: programs)
    var daemons: [Daemon] = []
    defer { for daemon in daemons { daemon.end() } }
    for expert in 0..<8 {
      daemons.append(
        try Daemon(
          folder.appendingPathComponent("moe-expert"),
          ["--model", model, "--expert", "\(expert)", "--listen", "127.0.0.1:0", "--clock", "request"]))
    }
    let dialled = daemons.flatMap { ["--expert", $0.address] }
    daemons.append(
      try Daemon(
        folder.appendingPathComponent("moe-bs"), ["--model", model, "--listen", "127.0.0.1:0"] + dialled))
    let client = folder.appendingPathComponent("moe-client")
    let address = daemons[8].address
    try waitUntilServing(client, address)

    let echo = try RawEcho(requestBytes: Self.requestBytes, answerBytes: Self.answerBytes)
    var echoes: [Double] = []
    var single: [Bench] = []
    var loaded: [Bench] = []
    var batched: [Bench] = []
    for round in 1...max(rounds, 1) {
      FileHandle.standardError.write(Data("round \(round) of \(rounds)\n".utf8))
      echoes.append(median(echo.measure(seconds: seconds)))
      single.append(try bench(client, address, concurrency: 1, batch: 1))
      loaded.append(try bench(client, address, concurrency: 32, batch: 1))
      batched.append(try bench(client, address, concurrency: 4, batch: 32))
    }
    let echoP50 = median(echoes)
    let singleP50 = median(single.map { Double($0.latency_us.p50) })
    show("raw loopback echo of the same bytes, p50", echoP50, "us")
    show("one caller, one image a request, p50", singleP50, "us")
    show("  over two raw echoes", singleP50 / (2 * echoP50), "times")
    show("32 callers, one image a request", median(loaded.map(\.images_per_second)), "images/s")
    show("4 callers, 32 images a request", median(batched.map(\.images_per_second)), "images/s")
  }

  /// Returns when all eight experts are up.
  private func waitUntilServing(_ client: URL, _ address: String) throws {
    let deadline = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < deadline {
      let status = (try? outputOf(client, ["status", "--bs", address, "--json"])) ?? Data()
      if String(decoding: status, as: UTF8.self).components(separatedBy: "\"state\":\"up\"").count == 9 { return }
    }
    throw Failure(description: "the experts did not come up within 20 s")
  }

  private struct Bench: Decodable {
    struct Latencies: Decodable {
      let p50: Int
    }
    let images_per_second: Double
    let errors: Int
    let latency_us: Latencies
  }

  private func bench(_ client: URL, _ address: String, concurrency: Int, batch: Int) throws -> Bench {
    let output = try outputOf(
      client,
      [
        "bench", "--bs", address, "--concurrency", "\(concurrency)", "--batch", "\(batch)", "--seconds", "\(seconds)",
        "--json",
      ])
    return try JSONDecoder().decode(Bench.self, from: output)
  }

  private func median(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.sorted()[values.count / 2]
  }

  private func show(_ what: String, _ value: Double, _ unit: String) {
    let label = what.padding(toLength: 48, withPad: " ", startingAt: 0)
    print("\(label)  \(String(format: value < 10 ? "%.2f" : "%.0f", value)) \(unit)")
  }
}
