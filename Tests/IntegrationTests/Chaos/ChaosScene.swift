import Foundation
import TestCertificates
import Testing

/// What a chaos test does its harm to: a cluster with a proxy before each expert, and load on it.
struct ChaosScene {
  static let requestClock = ["--clock", "request", "--seed", "1"]
  /// What is promised of lost experts is promised of this.
  static let heartbeat = ["--heartbeat-timeout-ms", "300"]

  let cluster: Cluster
  let load: Load

  func expert(_ index: Int) throws -> ChildProcess { try #require(cluster.experts[index]) }
  func proxy(_ expert: Int) throws -> FaultProxy { try #require(cluster.proxies[expert]) }
  func upCount(becomes count: Int) throws { try cluster.waitUntil("\(count) are up") { $0.upCount == count } }

  /// Starts an expert again where it was.
  func restart(_ index: Int) throws {
    try cluster.startExpert(
      index, Self.requestClock + Self.heartbeat, at: try #require(cluster.expertAddresses[index]))
  }

  /// Has every node load its certificates again, and returns when all have.
  func reloadCertificates() throws {
    let daemons = [cluster.baseStation].compactMap { $0 } + cluster.experts.values
    func loadings(_ daemon: ChildProcess) -> Int {
      daemon.standardError.components(separatedBy: "certificates are loaded again").count
    }
    let before = daemons.map(loadings)
    for daemon in daemons { daemon.send(SIGHUP) }
    for (daemon, count) in zip(daemons, before) {
      while loadings(daemon) == count { poll(nil, 0, 10) }
    }
  }

  /// Has load go on while `harm` is done and for some time after: no request fails, and every answer is what the expert
  /// that gave it answers when nothing disturbs it.
  @discardableResult
  static func underLoad(
    _ title: String = #function, certificates: CertificateFolder? = nil, baseStation options: [String] = [],
    rate: Int? = nil, harm: (ChaosScene) async throws -> Void
  ) async throws -> Load.Outcome {
    let cluster = try Cluster(certificates: certificates)
    defer { cluster.end() }
    for expert in 0..<Cluster.expertCount { try cluster.startExpert(expert, requestClock + heartbeat) }
    let known = try await KnownAnswers(of: cluster, baseStation: options)
    for expert in 0..<Cluster.expertCount { try cluster.interpose(before: expert) }
    try cluster.startBaseStation(heartbeat + options)
    try cluster.waitUntil("all experts are up") { $0.upCount == Cluster.expertCount }
    let load = try await Load(on: cluster, expecting: known, rate: rate)
    await load.more(500)
    try await harm(ChaosScene(cluster: cluster, load: load))
    await load.more(500)
    let outcome = await load.stop()
    print("chaos: \(title): \(outcome.summary)")
    #expect(outcome.failures.isEmpty, "\(outcome.failures.prefix(5))")
    #expect(outcome.wrong.isEmpty, "\(outcome.wrong.prefix(5))")
    #expect(outcome.incomparable == 0)
    return outcome
  }
}

func openDescriptors(of process: pid_t) throws -> Int {
  try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count
}

/// Sets the soft limit.
func limitDescriptors(of process: ChildProcess, to count: Int) throws {
  let limiting = try Process.run(
    URL(fileURLWithPath: "/usr/bin/prlimit"), arguments: ["--pid", "\(process.pid)", "--nofile=\(count):"])
  limiting.waitUntilExit()
  #expect(limiting.terminationStatus == 0)
}
