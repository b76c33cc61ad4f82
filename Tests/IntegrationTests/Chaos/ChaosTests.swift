import Foundation
import InferenceClient
import TestCertificates
import Testing

/// Faults of every kind in the real programs and between them, under load that goes on: no request fails, and every answer
/// is what the expert that gave it answers when nothing disturbs it.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ChaosTests {
  @Test func `an expert is killed and started again`() async throws {
    try await ChaosScene.underLoad { scene in
      try scene.expert(2).send(SIGKILL)
      try scene.upCount(becomes: 7)
      await scene.load.more(500)
      try scene.restart(2)
      try scene.upCount(becomes: 8)
    }
  }

  @Test func `an expert stops and goes on`() async throws {
    try await ChaosScene.underLoad { scene in
      for expert in [1, 6] {
        try scene.expert(expert).send(SIGSTOP)
        try scene.upCount(becomes: 7)
        try scene.expert(expert).send(SIGCONT)
        try scene.upCount(becomes: 8)
      }
    }
  }

  @Test(arguments: [1, 4]) func `experts are behind a partition that heals`(count: Int) async throws {
    try await ChaosScene.underLoad { scene in
      for expert in 0..<count { try scene.proxy(expert).set(.blackHole) }
      try scene.upCount(becomes: 8 - count)
      await scene.load.more(500)
      for expert in 0..<count { try scene.proxy(expert).set(.none) }
      try scene.upCount(becomes: 8)
    }
  }

  @Test(arguments: FaultProxy.Direction.allCases)
  func `only one direction is lost`(direction: FaultProxy.Direction) async throws {
    try await ChaosScene.underLoad { scene in
      try scene.proxy(3).set(.blackHole, direction)
      try scene.upCount(becomes: 7)
      try scene.proxy(3).set(.none)
      try scene.upCount(becomes: 8)
    }
  }

  @Test func `an expert dies behind a half-open connection`() async throws {
    try await ChaosScene.underLoad { scene in
      // Nobody tells the base station that the other end has gone.
      try scene.proxy(5).set(.blackHole)
      try scene.expert(5).send(SIGKILL)
      try scene.upCount(becomes: 7)
      try scene.cluster.startExpert(5, ChaosScene.requestClock + ChaosScene.heartbeat)
      try scene.proxy(5).redirect(to: #require(scene.cluster.expertAddresses[5]))
      try scene.proxy(5).set(.none)
      try scene.upCount(becomes: 8)
    }
  }

  @Test func `links are slow, and then narrow`() async throws {
    try await ChaosScene.underLoad { scene in
      for expert in 0..<3 { try scene.proxy(expert).set(.delay(40)) }
      await scene.load.more(1000)
      for expert in 0..<3 { try scene.proxy(expert).set(.throttle(60_000)) }
      await scene.load.more(500)
      for expert in 0..<3 { try scene.proxy(expert).set(.none) }
      try scene.upCount(becomes: 8)
    }
  }

  @Test func `connections are cut again and again`() async throws {
    try await ChaosScene.underLoad { scene in
      for round in 0..<20 {
        try scene.proxy(round % 8).cut()
        await scene.load.more(100)
      }
      try scene.upCount(becomes: 8)
    }
  }

  @Test(arguments: FaultProxy.Direction.allCases)
  func `bits are damaged on the way`(direction: FaultProxy.Direction) async throws {
    try await ChaosScene.underLoad { scene in
      func isNoticed() throws -> Bool {
        let logs = (scene.cluster.baseStation?.standardError ?? "") + (try scene.expert(4).standardError)
        return logs.contains("crc32c") || logs.contains("magic")
      }
      try scene.proxy(4).set(.corrupt(every: 5_000), direction)
      // A bit of a length is noticed otherwise, as silence, so that one damaged frame may not do.
      var rounds = 0
      repeat {
        await scene.load.more(1000)
        rounds += 1
      } while try !isNoticed() && rounds < 50
      try scene.proxy(4).set(.none)
      try scene.upCount(becomes: 8)
      #expect(try isNoticed(), "\(scene.cluster.baseStation?.standardError.suffix(2000) ?? "")")
    }
  }

  @Test func `an expert runs out of descriptors`() async throws {
    try await ChaosScene.underLoad { scene in
      let expert = try scene.expert(7)
      try limitDescriptors(of: expert, to: 1 + openDescriptors(of: expert.pid))
      let idle = try (0..<8).map { _ in try connection(to: #require(scene.cluster.expertAddresses[7])) }
      try expert.waitForLog("accepting no connections for now")
      try scene.proxy(7).cut()
      await scene.load.more(500)
      for descriptor in idle { close(descriptor) }
      try scene.upCount(becomes: 8)
    }
  }

  @Test func `the base station runs out of descriptors while experts come back`() async throws {
    try await ChaosScene.underLoad { scene in
      let daemon = try #require(scene.cluster.baseStation)
      try limitDescriptors(of: daemon, to: openDescriptors(of: daemon.pid))
      for expert in 0..<3 { try scene.proxy(expert).cut() }
      let idle = try (0..<8).map { _ in try connection(to: scene.cluster.address) }
      try daemon.waitForLog("accepting no connections for now")
      await scene.load.more(500)
      for descriptor in idle { close(descriptor) }
      try limitDescriptors(of: daemon, to: 1024)
      try scene.upCount(becomes: 8)
    }
  }

  @Test func `an expert that dials is behind a partition that heals`() async throws {
    try await ChaosScene.underLoad { scene in
      let proxy = try FaultProxy(to: scene.cluster.address)
      defer { proxy.end() }
      try scene.expert(7).send(SIGTERM)
      #expect(try scene.expert(7).finish().status == 0)
      try scene.cluster.startExpert(
        7, ChaosScene.requestClock + ChaosScene.heartbeat + ["--attach", proxy.address])
      try scene.upCount(becomes: 8)
      proxy.set(.blackHole)
      try scene.upCount(becomes: 7)
      await scene.load.more(500)
      proxy.set(.none)
      try scene.upCount(becomes: 8)
    }
  }

  /// MOE_RESTART_ROUNDS (1 by default) is how often.
  @Test func `all experts are restarted one after the other`() async throws {
    let rounds = ProcessInfo.processInfo.environment["MOE_RESTART_ROUNDS"].flatMap(Int.init) ?? 1
    try await ChaosScene.underLoad { scene in
      for index in (0..<rounds).flatMap({ _ in 0..<Cluster.expertCount }) {
        try scene.expert(index).send(SIGTERM)
        #expect(try scene.expert(index).finish().status == 0)
        try scene.restart(index)
        try scene.upCount(becomes: 8)
      }
    }
  }

  @Test(.enabled(if: CertificateFolder.canBeMade, "needs the openssl command"))
  func `certificates expire and are renewed under way`() async throws {
    let own = try CertificateFolder(of: CertificateFolder.shared.get())
    defer { try? FileManager.default.removeItem(at: own.url) }
    let nodes = ["bs"] + (0..<Cluster.expertCount).map { "expert-\($0)" }
    try await ChaosScene.underLoad(certificates: own) { scene in
      // From short-lived ones to the next: those of the start are good for a month.
      let end = Date(timeIntervalSinceNow: 6)
      for node in nodes { try own.replace(node, validUntil: end) }
      try scene.reloadCertificates()
      for expert in 0..<Cluster.expertCount { try scene.proxy(expert).cut() }
      try scene.upCount(becomes: 8)
      #expect(Date() < end, "too slow a machine: they have expired before they were used")
      for node in nodes { try FileManager.default.removeItem(at: own.file("\(node).pem")) }
      try own.make(["--experts", "8"])
      try scene.reloadCertificates()
      while Date() < end { await scene.load.more(50) }
      for expert in 0..<Cluster.expertCount { try scene.proxy(expert).cut() }
      try scene.upCount(becomes: 8)
    }
  }
}
