import ArgumentParser
import Foundation

@main
struct ServingBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures the daemons on loopback beside echoes of the same bytes, in turn, and prints ratios.")

  @Option(help: "The folder of the built programs.")
  var programs: String = "../.build/release"

  @Option(help: "The model's folder.")
  var model: String = "../Models/lenet5-cifar10-k8-robust"

  @Option(help: "The number of the model's experts, K.")
  var experts = 8

  @Option(help: "Rounds; the medians over the rounds are printed.")
  var rounds = 5

  @Option(help: "Seconds of each measurement in a round.")
  var seconds = 2.0

  @Option(help: "A folder for a Python with grpcio and mosec, made where it is not there; nothing of them without it.")
  var peers: String?

  @Flag(help: "Also offer three times of what 64 callers get, without retries, each request with 1.5 s.")
  var overload = false

  @Flag(help: "Print JSON.")
  var json = false

  /// The frames of one inference of a 3x32x32 image: request, and result with one expert's share.
  private static let requestBytes = 64 + 3 * 32 * 32
  private static let answerBytes = 192

  func run() throws {
    let folder = URL(fileURLWithPath: programs)
    var daemons: [Daemon] = []
    defer { for daemon in daemons { daemon.end() } }
    for expert in 0..<experts {
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
    let address = daemons[experts].address
    try waitUntilServing(client, address)

    let echo = try RawEcho(requestBytes: Self.requestBytes, answerBytes: Self.answerBytes)
    let peers = try startPeers()
    defer { for peer in peers { peer.end() } }
    var found = Measurements()
    for round in 1...max(rounds, 1) {
      FileHandle.standardError.write(Data("round \(round) of \(rounds)\n".utf8))
      found.add("raw loopback echo, p50", median(echo.measure(seconds: seconds)), "us")
      let network = try backbone(folder, batch: 1, threads: 1)
      found.add("the backbone alone, 1 image, 1 thread", network.median_ms * 1000, "us")
      let single = try bench(client, address, concurrency: 1, batch: 1)
      found.add("ours, 1 caller, p50", Double(single.latency_us.p50), "us")
      let large = try bench(client, address, concurrency: 1, batch: 32)
      found.add("ours, 1 caller, 32 images a request, p50", Double(large.latency_us.p50), "us")
      let loaded = try bench(client, address, concurrency: 32, batch: 1)
      found.add("ours, 32 callers", loaded.images_per_second, "images/s")
      let batched = try bench(client, address, concurrency: 8, batch: 32)
      found.add("ours, 8 callers, 32 images a request", batched.images_per_second, "images/s")
      let networks = try backbone(folder, batch: 32, threads: ProcessInfo.processInfo.activeProcessorCount)
      found.add("the backbone alone, 32 images, all cores", networks.images_per_second, "images/s")
      if overload {
        let capacity = try bench(client, address, concurrency: 64, batch: 1)
        found.add("ours, 64 callers", capacity.images_per_second, "images/s")
        let flooded = try bench(client, address, rate: 3 * capacity.images_per_second)
        found.add("ours, three times as much offered", flooded.images_per_second, "images/s")
      }
      for peer in peers {
        let single = try peer.measure(requestBytes: Self.requestBytes, callers: 1, seconds: seconds)
        found.add("\(peer.name) echo, 1 caller, p50", single.p50_us, "us")
        let loaded = try peer.measure(requestBytes: Self.requestBytes, callers: 32, seconds: seconds)
        found.add("\(peer.name) echo, 32 callers", loaded.requests_per_second, "requests/s")
      }
    }
    // What an inference cannot do without: two hops, and the network's own time.
    if let echo = found.median("raw loopback echo, p50"),
      let network = found.median("the backbone alone, 1 image, 1 thread")
    {
      found.add("two raw echoes and the backbone", 2 * echo + network, "us")
    }
    var ratios = [
      ("ours over two raw echoes and the backbone", "ours, 1 caller, p50", "two raw echoes and the backbone", 1.0),
      (
        "ours over the backbone alone, batches", "ours, 8 callers, 32 images a request",
        "the backbone alone, 32 images, all cores", 1
      ),
      (
        "ours over the backbone alone, 32 callers", "ours, 32 callers", "the backbone alone, 32 images, all cores", 1
      ),
    ]
    if overload {
      ratios.append(
        ("goodput under overload over capacity", "ours, three times as much offered", "ours, 64 callers", 1))
    }
    for peer in peers {
      ratios.append(("\(peer.name) echo over ours, p50", "\(peer.name) echo, 1 caller, p50", "ours, 1 caller, p50", 1))
      ratios.append(("ours over \(peer.name) echo, 32 callers", "ours, 32 callers", "\(peer.name) echo, 32 callers", 1))
    }
    if json { print(try found.json(ratios: ratios)) } else { found.show(ratios: ratios) }
  }

  private func startPeers() throws -> [Peer] {
    guard let peers else { return [] }
    let python = try Peer.python(in: URL(fileURLWithPath: peers))
    let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../peers").standardizedFileURL
    return try ["grpc", "mosec"].map {
      try Peer($0, python: python, scripts: scripts, answerBytes: Self.answerBytes)
    }
  }

  /// Returns when all experts are up.
  private func waitUntilServing(_ client: URL, _ address: String) throws {
    let deadline = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < deadline {
      let status = (try? outputOf(client, ["status", "--bs", address, "--json"])) ?? Data()
      if String(decoding: status, as: UTF8.self).components(separatedBy: "\"state\":\"up\"").count == experts + 1 {
        return
      }
    }
    throw Failure(description: "the experts did not all come up within 20 s")
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
    try bench(client, address, ["--concurrency", "\(concurrency)", "--batch", "\(batch)"])
  }

  /// Refused and expired requests are no answers, and not sent again.
  private func bench(_ client: URL, _ address: String, rate: Double) throws -> Bench {
    try bench(
      client, address, ["--rate", "\(Int(rate))", "--connections", "8", "--no-retry", "--deadline-ms", "1500"])
  }

  private func bench(_ client: URL, _ address: String, _ options: [String]) throws -> Bench {
    let output = try outputOf(
      client, ["bench", "--bs", address, "--seconds", "\(seconds)", "--json"] + options,
      refusals: options.contains("--no-retry"))
    return try JSONDecoder().decode(Bench.self, from: output)
  }

  private struct Speed: Decodable {
    let median_ms: Double
    let images_per_second: Double
  }

  /// The backbone in a process of its own, while the daemons wait.
  private func backbone(_ programs: URL, batch: Int, threads: Int) throws -> Speed {
    let output = try outputOf(
      programs.appendingPathComponent("moe-train"),
      [
        "speed", "--model", model, "--batch", "\(batch)", "--threads", "\(threads)", "--seconds", "\(seconds)",
        "--json",
      ])
    return try JSONDecoder().decode(Speed.self, from: output)
  }
}
