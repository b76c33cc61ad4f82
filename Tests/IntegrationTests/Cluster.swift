import Datasets
import Foundation
import InferenceClient
import MixtureOfExperts
import Radio
import Randomness
import TestCertificates
import Testing

/// A base station and its experts as real processes on loopback, with an untrained model made for the test.
final class Cluster {
  static let expertCount = 8

  let folder: URL
  let model: URL
  private(set) var experts: [Int: ChildProcess] = [:]
  private(set) var expertAddresses: [Int: String] = [:]
  private(set) var baseStation: ChildProcess?
  private(set) var address = ""
  /// By expert; the base station dials them instead of the experts.
  private(set) var proxies: [Int: FaultProxy] = [:]
  private var clients: [ChildProcess] = []
  /// What every node takes its own of; nil where they talk plainly.
  private let certificates: CertificateFolder?

  init(
    certificates: CertificateFolder? = nil,
    writingModel write: (URL) throws -> Void = { try Cluster.writeModel(to: $0, seed: 1) }
  ) throws {
    self.certificates = certificates
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("moe-edge-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    model = folder.appendingPathComponent("model")
    try write(model)
  }

  /// With all experts up and their links known.
  static func serving(
    _ baseStationOptions: [String] = [], expertOptions: [String] = ["--clock", "request", "--seed", "1"],
    certificates: CertificateFolder? = nil,
    writingModel write: (URL) throws -> Void = { try Cluster.writeModel(to: $0, seed: 1) }
  ) throws -> Cluster {
    let cluster = try Cluster(certificates: certificates, writingModel: write)
    for expert in 0..<expertCount { try cluster.startExpert(expert, expertOptions) }
    try cluster.startBaseStation(baseStationOptions)
    try cluster.waitUntil("all experts are up") { $0.upCount == expertCount }
    return cluster
  }

  /// A model of the right shape whose weights are drawn at random.
  static func writeModel(to folder: URL, seed: UInt64, hasLatentTable: Bool = true) throws {
    var generator = CounterGenerator(seed: seed)
    var description = ModelDescription(
      name: "untrained-\(seed)", backbone: .leNet5, recipe: "robust", combination: .probabilities,
      expertCount: expertCount, latentCount: BackboneKind.leNet5.latentCount, outputCount: 10,
      inputShape: BackboneKind.leNet5.inputShape, classLabels: (0..<10).map { "class \($0)" },
      normalisation: PixelNormalisation(mean: [0.5, 0.5, 0.5], deviation: [0.25, 0.25, 0.25]), powerScaling: 2,
      latentMean: Array(repeating: 0, count: BackboneKind.leNet5.latentCount))
    if hasLatentTable {
      description.latentTable = LatentTable(try HuffmanTable(histogram: (0..<256).map { 1_000_000 / UInt64(1 + $0) }))
    }
    var gates: [GateKind: Gate] = [:]
    for kind in GateKind.allCases {
      gates[kind] = Gate(kind, for: .leNet5, expertCount: expertCount, using: &generator)
    }
    let model = MixtureModel(
      description: description, backbone: Backbone(.leNet5, using: &generator), gates: gates,
      experts: (0..<expertCount).map { _ in Expert(expertFor: .leNet5, outputCount: 10, using: &generator) })
    _ = try ModelBundle.write(model, to: folder.path)
  }

  // MARK: Starting

  /// Starts an expert that listens, or that attaches where `options` say so.
  @discardableResult
  func startExpert(
    _ expert: Int, _ options: [String], model: URL? = nil, at address: String = "127.0.0.1:0", isLogRead: Bool = true
  ) throws -> ChildProcess {
    let attaches = options.contains("--attach")
    let process = try ChildProcess(
      "moe-expert",
      ["--model", (model ?? self.model).path, "--expert", "\(expert)"] + (attaches ? [] : ["--listen", address])
        + options + credentials("expert-\(expert)"),
      in: folder, isLogRead: isLogRead)
    experts[expert] = process
    if !attaches { expertAddresses[expert] = try process.readyAddress() }
    return process
  }

  func startBaseStation(_ options: [String] = [], at address: String = "127.0.0.1:0", isLogRead: Bool = true) throws {
    let dialled = expertAddresses.sorted { $0.key < $1.key }.flatMap {
      ["--expert", proxies[$0.key]?.address ?? $0.value]
    }
    // Patient with a machine that is busy with other tests; those of faults are not.
    let patience = ["--heartbeat-timeout-ms", "5000", "--min-reply-timeout-ms", "250"]
    let process = try baseStationAlone(patience + dialled + options, at: address, isLogRead: isLogRead)
    baseStation = process
    self.address = try process.readyAddress()
  }

  /// Starts a base station that is none of the cluster's, with the same model.
  func baseStationAlone(
    _ options: [String], at address: String = "127.0.0.1:0", isLogRead: Bool = true
  ) throws -> ChildProcess {
    try ChildProcess(
      "moe-bs", ["--model", model.path, "--listen", address] + options + credentials("bs"), in: folder,
      isLogRead: isLogRead)
  }

  /// Has the base station that starts next reach the expert through a proxy.
  @discardableResult
  func interpose(before expert: Int) throws -> FaultProxy {
    guard let address = expertAddresses[expert] else {
      throw ChildProcess.Failure(description: "expert \(expert) does not listen")
    }
    let proxy = try FaultProxy(to: address)
    proxies[expert] = proxy
    return proxy
  }

  /// How a client of this process connects.
  var clientOptions: InferenceClient.Options {
    var options = InferenceClient.Options()
    options.tls = certificates.map {
      .init(
        certificate: $0.file("client.pem").path, key: $0.file("client.key").path, authority: $0.file("ca.pem").path)
    }
    return options
  }

  private func credentials(_ name: String) -> [String] { certificates?.options(name) ?? [] }

  func forgetExpert(_ expert: Int) { expertAddresses[expert] = nil }

  /// Starts a client that goes on while the test does something else.
  func startClient(_ command: String, _ arguments: [String]) throws -> ChildProcess {
    let client = try clientAlone(command, arguments)
    clients.append(client)
    return client
  }

  private func clientAlone(_ command: String, _ arguments: [String]) throws -> ChildProcess {
    try ChildProcess("moe-client", [command, "--bs", address] + credentials("client") + arguments, in: folder)
  }

  /// Runs a client to its end, and keeps nothing of it: some tests ask for the status thousands of times.
  func client(_ command: String, _ arguments: [String]) throws -> (status: Int32, output: String, errors: String) {
    let client = try clientAlone(command, arguments)
    let (status, output) = try client.finish()
    return (status, output, client.standardError)
  }

  // MARK: Looking

  struct StatusReport: Decodable {
    struct Expert: Decodable {
      let expert: Int?
      let node: String
      let state: String
      let address: String
      let snr_db: Double?
      let queue: Int
      let reason: String
    }
    let model: String
    let digest: String
    let uptime_s: Double
    let experts: [Expert]
    let counters: [String: Int]

    var upCount: Int { experts.count { $0.state == "up" } }
  }

  func status() throws -> StatusReport? {
    let (_, output, _) = try client("status", ["--json"])
    return try? JSONDecoder().decode(StatusReport.self, from: Data(output.utf8))
  }

  /// Asks for the status until it is as it should be.
  func waitUntil(_ what: String, within seconds: Double = 30, _ condition: (StatusReport) -> Bool) throws {
    let deadline = Date(timeIntervalSinceNow: seconds)
    var last: StatusReport?
    while Date() < deadline {
      last = try status()
      if let last, condition(last) { return }
    }
    throw ChildProcess.Failure(
      description: "not so within \(seconds) s: \(what); the last status: \(String(describing: last)); the log:\n"
        + (baseStation?.standardError ?? ""))
  }

  // MARK: Ending

  /// Ends everything; fails if a process of the test is left.
  func end(sourceLocation: SourceLocation = #_sourceLocation) {
    for proxy in proxies.values { proxy.end() }
    for process in clients + experts.values + [baseStation].compactMap({ $0 }) { process.end() }
    try? FileManager.default.removeItem(at: folder)
  }

  deinit { end() }
}

/// A folder in the layout of CIFAR-10 with generated test images, made once for all tests.
let generatedCIFAR: URL = {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("moe-edge-cifar-\(getpid())")
  let inner = folder.appendingPathComponent("cifar-10-batches-bin")
  try? FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
  let record = 1 + 3 * 32 * 32
  var bytes = (0..<10_000 * record).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) }
  for image in 0..<10_000 { bytes[image * record] = UInt8(image % 10) }
  let names = (0..<10).map { "class \($0)\n" }.joined()
  try? Data(bytes).write(to: inner.appendingPathComponent("test_batch.bin"))
  try? Data(names.utf8).write(to: inner.appendingPathComponent("batches.meta.txt"))
  return folder
}()
