import Foundation
import Testing

/// What dies, comes late, differs or sends rubbish harms nobody else.
@Suite(.serialized) struct FaultTests {
  @Test(arguments: ["analog", "digital"])
  func `SIGKILL of an expert under load costs no image`(link: String) throws {
    let cluster = try Cluster.serving(["--link", link])
    defer { cluster.end() }
    let client = try cluster.startClient("evaluate", evaluation(["--json", "--concurrency", "16"], limit: 6000))
    try cluster.waitUntil("the evaluation is under way") { ($0.counters["images"] ?? 0) > 300 }
    #expect(client.isRunning, "it ended before the expert was killed")
    cluster.experts[2]?.send(SIGKILL)
    let (status, output) = try client.finish()
    #expect(status == 0, "\(client.standardError)")
    let summary = try #require(decodeLines(EvaluationLine.self, output).first)
    #expect(summary.images == 6000 && summary.errors == 0)
    try cluster.waitUntil("seven experts are left") { $0.upCount == 7 }
  }

  @Test func `an expert that stops answering is passed over and comes back`() throws {
    let cluster = try Cluster.serving()
    defer { cluster.end() }
    cluster.experts[1]?.send(SIGSTOP)
    let (status, output, errors) = try cluster.client("evaluate", evaluation(["--json"]))
    #expect(status == 0, "\(errors)")
    #expect(try decodeLines(EvaluationLine.self, output).first?.errors == 0)
    cluster.experts[1]?.send(SIGCONT)
    try cluster.waitUntil("it is back") { $0.upCount == 8 }
  }

  @Test func `an expert that is killed and started again at its address is found again`() throws {
    let cluster = try Cluster.serving()
    defer { cluster.end() }
    let address = try #require(cluster.expertAddresses[4])
    cluster.experts[4]?.send(SIGKILL)
    try cluster.waitUntil("it is missed") { $0.upCount == 7 }
    try cluster.startExpert(4, ["--clock", "request", "--seed", "1"], at: address)
    try cluster.waitUntil("it is found") { $0.upCount == 8 }
  }

  @Test func `experts may attach, before and after the base station starts, and find it again when it is restarted`()
    throws
  {
    let cluster = try Cluster()
    defer { cluster.end() }
    try cluster.startBaseStation()
    let address = cluster.address
    let options = ["--clock", "request", "--seed", "1", "--attach", address]
    for expert in 0..<4 { try cluster.startExpert(expert, options) }
    for expert in 0..<4 { #expect(try cluster.experts[expert]?.readyAddress() == address) }
    try cluster.waitUntil("four are up") { $0.upCount == 4 }

    cluster.baseStation?.send(SIGKILL)
    _ = try cluster.baseStation?.finish()
    for expert in 4..<8 { try cluster.startExpert(expert, options) }
    try cluster.startBaseStation(at: address)
    try cluster.waitUntil("all eight have attached") { $0.upCount == 8 }
    let (status, output, errors) = try cluster.client("evaluate", evaluation(["--json"], limit: 100))
    #expect(status == 0, "\(errors)")
    #expect(try decodeLines(EvaluationLine.self, output).first?.errors == 0)
  }

  @Test func `an expert that never starts is shown as such and the others serve`() throws {
    let cluster = try Cluster()
    defer { cluster.end() }
    for expert in 0..<3 { try cluster.startExpert(expert, ["--clock", "request", "--seed", "1"]) }
    try cluster.startBaseStation(["--expert", "127.0.0.1:1"])
    try cluster.waitUntil("three are up and one is down") { report in
      report.upCount == 3
        && report.experts.contains { $0.address == "127.0.0.1:1" && $0.state == "down" && !$0.reason.isEmpty }
    }
    let (status, _, errors) = try cluster.client("evaluate", evaluation([], limit: 50))
    #expect(status == 0, "\(errors)")
  }

  @Test func `status fails until an expert is up, and infer says why`() throws {
    let cluster = try Cluster()
    defer { cluster.end() }
    try cluster.startBaseStation()
    #expect(try cluster.client("status", []).status == 1)
    let picture = try writePicture("p.ppm", in: cluster.folder)
    let (status, _, errors) = try cluster.client("infer", [picture])
    #expect(status == 1)
    #expect(errors.contains("no expert"))
    try cluster.startExpert(0, ["--clock", "request", "--attach", cluster.address])
    try cluster.waitUntil("it is up") { $0.upCount == 1 }
    #expect(try cluster.client("status", []).status == 0)
    #expect(try cluster.client("infer", [picture]).status == 0)
  }

  @Test func `an expert with another model is kept but not used, and both logs name both digests`() throws {
    let cluster = try Cluster()
    defer { cluster.end() }
    let other = cluster.folder.appendingPathComponent("other")
    try Cluster.writeModel(to: other, seed: 2)
    try cluster.startExpert(0, ["--clock", "request"])
    let stranger = try cluster.startExpert(1, ["--clock", "request"], model: other)
    try cluster.startBaseStation()
    try cluster.waitUntil("one is up, one is refused") { report in
      report.upCount == 1 && report.experts.contains { $0.expert == 1 && $0.state == "down" }
    }
    let report = try #require(try cluster.status())
    let held = try #require(report.experts.first { $0.expert == 1 }?.reason)
    let digests = held.split(whereSeparator: { !$0.isHexDigit }).filter { $0.count == 12 }
    #expect(Set(digests).count == 2, "\(held)")
    for digest in digests.map({ String($0) }) {
      try #require(cluster.baseStation).waitForLog(digest)
      try stranger.waitForLog(digest)
    }
  }

  @Test func `the base station restarted in the middle of an evaluation costs time, not images`() throws {
    let cluster = try Cluster.serving()
    defer { cluster.end() }
    let address = cluster.address
    let client = try cluster.startClient("evaluate", evaluation(["--json"], limit: 8000))
    try cluster.waitUntil("the evaluation is under way") { ($0.counters["images"] ?? 0) > 300 }
    #expect(client.isRunning, "it ended before the restart")
    cluster.baseStation?.send(SIGTERM)
    #expect(try cluster.baseStation?.finish().status == 0)
    try cluster.startBaseStation(at: address)
    let (status, output) = try client.finish()
    #expect(status == 0, "\(client.standardError)")
    #expect(try decodeLines(EvaluationLine.self, output).first?.errors == 0)
  }

  @Test func `SIGTERM drains: what is in hand is finished, and everybody exits with 0`() throws {
    let cluster = try Cluster.serving()
    defer { cluster.end() }
    let client = try cluster.startClient("evaluate", evaluation(["--json"], limit: 8000))
    try cluster.waitUntil("the evaluation is under way") { ($0.counters["images"] ?? 0) > 300 }
    cluster.experts[5]?.send(SIGTERM)
    #expect(try cluster.experts[5]?.finish().status == 0)
    let (status, output) = try client.finish()
    #expect(status == 0, "\(client.standardError)")
    #expect(try decodeLines(EvaluationLine.self, output).first?.errors == 0)
    for process in [cluster.baseStation].compactMap({ $0 }) + cluster.experts.filter({ $0.key != 5 }).values {
      process.send(SIGTERM)
      #expect(try process.finish(within: 10).status == 0, "\(process.standardError)")
    }
  }

  @Test func `rubbish on the base station's and an expert's port harms nobody`() throws {
    let cluster = try Cluster.serving()
    defer { cluster.end() }
    for address in [cluster.address] + cluster.expertAddresses.values {
      for rubbish in ["GET / HTTP/1.1\r\n\r\n", String(repeating: "x", count: 100_000), ""] {
        try sendRubbish(Array(rubbish.utf8), to: address)
      }
    }
    #expect(try cluster.status()?.upCount == 8)
    let (status, _, errors) = try cluster.client("evaluate", evaluation([], limit: 50))
    #expect(status == 0, "\(errors)")
  }

  @Test func `a base station out of descriptors says so, serves whom it has, and accepts again when some are free`()
    throws
  {
    let cluster = try Cluster.serving()
    defer { cluster.end() }
    let daemon = try #require(cluster.baseStation)
    let busy = try cluster.startClient("bench", ["--json", "--seconds", "600", "--warm-up", "0"])
    try cluster.waitUntil("the client is served") { ($0.counters["images"] ?? 0) > 10 }
    let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(daemon.pid)/fd").count
    let limiting = try Process.run(
      URL(fileURLWithPath: "/usr/bin/prlimit"), arguments: ["--pid", "\(daemon.pid)", "--nofile=\(open + 2)"])
    limiting.waitUntilExit()
    #expect(limiting.terminationStatus == 0)
    let idle = try (0..<8).map { _ in try connection(to: cluster.address) }
    try daemon.waitForLog("accepting no connections for now")
    #expect(busy.isRunning)
    for descriptor in idle { close(descriptor) }
    try cluster.waitUntil("it accepts again and the client is still served") { ($0.counters["images"] ?? 0) > 20 }
    #expect(busy.isRunning && daemon.isRunning)
  }

  @Test func `nothing is left running afterwards`() throws {
    let cluster = try Cluster.serving()
    let pids = cluster.experts.values.map(\.pid) + [cluster.baseStation].compactMap { $0?.pid }
    #expect(pids.count == 9)
    cluster.end()
    #expect(pids.filter { kill($0, 0) == 0 }.isEmpty)
  }
}

/// Connects, sends bytes and hangs up.
func sendRubbish(_ bytes: [UInt8], to address: String) throws {
  let descriptor = try connection(to: address)
  defer { close(descriptor) }
  _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
}

/// A raw connection that says nothing.
func connection(to address: String) throws -> Int32 {
  let port = try #require(address.split(separator: ":").last.flatMap { UInt16($0) })
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  var target = sockaddr_in()
  target.sin_family = sa_family_t(AF_INET)
  target.sin_port = port.bigEndian
  target.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  let connected = withUnsafePointer(to: &target) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
  guard connected == 0 else {
    close(descriptor)
    throw ChildProcess.Failure(description: "\(address): no connection: \(String(cString: strerror(errno)))")
  }
  return descriptor
}
