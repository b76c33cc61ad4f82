import Digests
import Foundation
import Radio
import Randomness
import TestCertificates
import Testing
import WireProtocol

/// The whole system over TLS, and strangers at its ports: each is refused with a clear line, and the service goes on.
@Suite(
  .serialized, .timeLimit(.minutes(10)), .enabled(if: CertificateFolder.canBeMade, "needs the openssl command"))
struct SecurityTests {
  private let certificates: CertificateFolder

  init() throws { certificates = try CertificateFolder.shared.get() }

  /// Runs openssl with `input` on its standard input; what it said on both outputs.
  private func openssl(_ arguments: [String], input: [UInt8] = []) throws -> String {
    let process = Process()
    let (inputPipe, output) = (Pipe(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    process.standardInput = inputPipe
    process.standardOutput = output
    process.standardError = output
    try process.run()
    try inputPipe.fileHandleForWriting.write(contentsOf: Data(input))
    if input.isEmpty { try inputPipe.fileHandleForWriting.close() }
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: said, as: UTF8.self)
  }

  /// Says HELLO over TLS with one of our certificates, as no program of ours would; what comes back.
  private func hello(_ detail: Hello.Detail, as node: String, to address: String) throws -> String {
    let hello = Hello(nodeID: "stranger", generation: 1, software: "test", detail: detail)
    return try openssl(
      [
        "s_client", "-quiet", "-connect", address, "-tls1_3", "-CAfile", certificates.file("ca.pem").path, "-cert",
        certificates.file("\(node).pem").path, "-key", certificates.file("\(node).key").path,
      ], input: Message.hello(hello).encode(requestID: 0).withBytes { Array($0) })
  }

  private func expertDetail(_ index: UInt16) -> Hello.Detail {
    .expert(
      Hello.Expert(
        index: index, expertCount: 8, linkProcess: 9, digests: [.of([1])], clock: .request,
        coherenceMicroseconds: 50_000, latentCount: 1, outputCount: 10))
  }

  private func checkService(_ cluster: Cluster) throws {
    let (status, output, errors) = try cluster.client("evaluate", evaluation(["--json"], limit: 50))
    #expect(status == 0, "\(errors)")
    #expect(try decodeLines(EvaluationLine.self, output).first?.errors == 0)
    #expect(try cluster.status()?.upCount == Cluster.expertCount)
  }

  @Test func `over TLS the system predicts what it predicts in the clear, whoever dials`() throws {
    func predictions(_ certificates: CertificateFolder?, attach: Bool) throws -> [Prediction] {
      let cluster = try Cluster(certificates: certificates)
      defer { cluster.end() }
      let options = ["--clock", "request", "--seed", "1"]
      if attach { try cluster.startBaseStation() }
      for expert in 0..<Cluster.expertCount {
        try cluster.startExpert(expert, options + (attach ? ["--attach", cluster.address] : []))
      }
      if !attach { try cluster.startBaseStation() }
      try cluster.waitUntil("all experts are up") { $0.upCount == Cluster.expertCount }
      let file = cluster.folder.appendingPathComponent("predictions.jsonl")
      let (status, _, errors) = try cluster.client("evaluate", evaluation(["--predictions", file.path], limit: 300))
      #expect(status == 0, "\(errors)")
      return try decodeLines(Prediction.self, String(contentsOf: file, encoding: .utf8))
    }
    let plain = try predictions(nil, attach: false)
    #expect(plain.count == 300)
    #expect(try predictions(certificates, attach: false) == plain)
    #expect(try predictions(certificates, attach: true) == plain)
  }

  @Test func `who is not entitled is refused with one clear line, and the service goes on`() throws {
    let cluster = try Cluster.serving(certificates: certificates)
    defer { cluster.end() }
    let daemon = try #require(cluster.baseStation)
    let stranger = try CertificateFolder.stranger.get()
    let expired = try CertificateFolder.expired.get()

    // Another authority: an expert that attaches, told on both sides; a client that does not believe the base station.
    func attach(_ options: [String]) throws -> ChildProcess {
      try ChildProcess(
        "moe-expert", ["--model", cluster.model.path, "--expert", "3", "--attach", cluster.address] + options,
        in: cluster.folder)
    }
    let foreigner = try attach(stranger.options("expert-3", authority: certificates))
    try daemon.waitForLog("refused its certificate /CN=expert-3 (expert 3): not signed by an authority of --tls-ca")
    try foreigner.waitForLog("it does not know the authority of this node's certificate (unknown CA)")
    foreigner.end()
    let sceptic = try ChildProcess(
      "moe-client", ["status", "--bs", cluster.address] + stranger.options("client"), in: cluster.folder)
    #expect(try sceptic.finish(within: 10).status == 1)
    #expect(sceptic.standardError.contains("refused its certificate /CN=bs (base station): not signed by"))
    try daemon.waitForLog("the other side has refused the connection: it does not know the authority")

    // Expired.
    let late = try attach(expired.options("expert-3"))
    try daemon.waitForLog("refused its certificate /CN=expert-3 (expert 3): expired at 20")
    try late.waitForLog("others will refuse it")
    try late.waitForLog("this node's certificate has expired")
    late.end()

    // Wrong role and wrong index, in HELLO and in the program's own options.
    #expect(try hello(.client, as: "expert-3", to: cluster.address).contains("is for expert 3"))
    try daemon.waitForLog("unauthorised: stranger says that it is a client, but its certificate /CN=expert-3")
    #expect(try hello(expertDetail(4), as: "expert-3", to: cluster.address).contains("is for expert 3"))
    try daemon.waitForLog("unauthorised: stranger says that it is expert 4, but its certificate /CN=expert-3")
    let confused = try attach(certificates.options("expert-4"))
    #expect(try confused.finish(within: 10).status == 1)
    #expect(confused.standardError.contains("expected a certificate for expert 3"))

    // No certificate, TLS 1.2, plain frames.
    let connecting = ["s_client", "-connect", cluster.address, "-CAfile", certificates.file("ca.pem").path]
    #expect(try openssl(connecting + ["-tls1_3", "-quiet"]).contains("certificate required"))
    try daemon.waitForLog("TLS: it has shown no certificate")
    #expect(try openssl(connecting + ["-tls1_2"]).contains("protocol version"))
    try daemon.waitForLog("TLS: it speaks a TLS older than 1.3")
    let plain = try ChildProcess("moe-client", ["status", "--bs", cluster.address], in: cluster.folder)
    #expect(try plain.finish(within: 10).status == 1)
    #expect(plain.standardError.contains("unauthorised: this port speaks TLS"))
    try daemon.waitForLog("TLS: it speaks plainly, without TLS")

    try checkService(cluster)
  }

  @Test func `random bytes at TLS ports disturb nobody`() throws {
    let cluster = try Cluster.serving(certificates: certificates)
    defer { cluster.end() }
    let busy = try cluster.startClient("bench", ["--json", "--seconds", "600", "--warm-up", "0"])
    var generator = CounterGenerator(seed: 5)
    for address in [cluster.address] + cluster.expertAddresses.values {
      for looks in [[], [0x16, 3, 1], [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3]] as [[UInt8]] {
        try sendRubbish(looks + (0..<64_000).map { _ in UInt8(truncatingIfNeeded: generator.next()) }, to: address)
      }
    }
    try cluster.baseStation?.waitForLog("what it sends is no TLS")
    try checkService(cluster)
    #expect(busy.isRunning)
  }

  @Test func `TLS at a plain port is told on both sides`() throws {
    let cluster = try Cluster.serving()
    defer { cluster.end() }
    let client = try ChildProcess(
      "moe-client", ["status", "--bs", cluster.address] + certificates.options("client"), in: cluster.folder)
    #expect(try client.finish(within: 10).status == 1)
    #expect(client.standardError.contains("it speaks plainly, without TLS"))
    try cluster.baseStation?.waitForLog("TLS, which this side has no certificate for")
    try checkService(cluster)
  }

  @Test func `SIGHUP has new connections use new certificates, and bad ones are not taken`() throws {
    let own = try CertificateFolder(of: CertificateFolder.shared.get(), days: 0)
    defer { try? FileManager.default.removeItem(at: own.url) }
    // Only the base station's has expired.
    for name in ["client.pem"] + (0..<8).map({ "expert-\($0).pem" }) {
      try FileManager.default.removeItem(at: own.file(name))
    }
    try own.make(["--experts", "8"])
    let cluster = try Cluster(certificates: own)
    defer { cluster.end() }
    try cluster.startBaseStation()
    let daemon = try #require(cluster.baseStation)
    try daemon.waitForLog("has expired at 20")
    #expect(try cluster.client("status", []).errors.contains("/CN=bs (base station): expired at 20"))

    try FileManager.default.removeItem(at: own.file("bs.pem"))
    try own.make(["--experts", "8"])
    daemon.send(SIGHUP)
    try daemon.waitForLog("certificates are loaded again: /CN=bs (base station)")
    #expect(try cluster.client("status", []).errors.contains("no expert is up"))

    try FileManager.default.removeItem(at: own.file("bs.key"))
    daemon.send(SIGHUP)
    try daemon.waitForLog("certificates are not loaded again, the old ones stay in use: --tls-key:")
    try cluster.startExpert(0, ["--clock", "request", "--attach", cluster.address])
    try cluster.waitUntil("one expert is up") { $0.upCount == 1 }
  }
}
