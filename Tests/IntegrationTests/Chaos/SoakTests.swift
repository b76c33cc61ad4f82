import Foundation
import Randomness
import Testing

private let minutes = ProcessInfo.processInfo.environment["MOE_SOAK_MINUTES"].flatMap(Double.init) ?? 1

/// Faults at random, one after the other, for as long as MOE_SOAK_MINUTES says (one minute by default), under load.
@Suite(.serialized, .timeLimit(.minutes(Int(minutes) + 4))) struct SoakTests {
  /// Which faults come, in which order: MOE_SOAK_SEED.
  private static let seed = ProcessInfo.processInfo.environment["MOE_SOAK_SEED"].flatMap(UInt64.init) ?? 1
  /// Requests a second: MOE_SOAK_RATE; as many as are answered where it is not set.
  private static let rate = ProcessInfo.processInfo.environment["MOE_SOAK_RATE"].flatMap(Int.init)
    .flatMap { $0 > 0 ? $0 : nil }
  /// Memory may grow by so much between the end of the first third and the end.
  private static let spareKibibytes = 12 << 10

  /// The test may have so many more at the end: connections of the proxies come and go.
  private static let spareDescriptors = 20

  private enum Harm: CaseIterable {
    case kill, stop, terminate, partition, halfPartition, cut, delay, throttle, damage, strangers
  }

  /// Does it to an expert, and undoes it.
  private func inflict(_ harm: Harm, on index: Int, _ scene: ChaosScene) async throws {
    let (expert, proxy) = (try scene.expert(index), try scene.proxy(index))
    switch harm {
    case .kill, .terminate:
      expert.send(harm == .kill ? SIGKILL : SIGTERM)
      _ = try expert.finish()
      await scene.load.more(200)
      try scene.restart(index)
    case .stop:
      expert.send(SIGSTOP)
      try scene.upCount(becomes: 7)
      expert.send(SIGCONT)
    case .partition, .halfPartition:
      proxy.set(.blackHole, harm == .partition ? nil : .toDialler)
      try scene.upCount(becomes: 7)
    case .cut: proxy.cut()
    case .delay: proxy.set(.delay(30))
    case .throttle: proxy.set(.throttle(100_000))
    case .damage: proxy.set(.corrupt(every: 3_000))
    case .strangers:
      for address in [scene.cluster.address, try #require(scene.cluster.expertAddresses[index])] {
        try sendRubbish(Array(repeating: UInt8(index), count: 10_000), to: address)
      }
    }
    await scene.load.more(300)
    proxy.set(.none)
    try scene.upCount(becomes: Cluster.expertCount)
  }

  private struct Footprint {
    let descriptors: Int
    let residentKibibytes: Int

    init(of process: ChildProcess) throws {
      descriptors = try openDescriptors(of: process.pid)
      let status = try String(contentsOfFile: "/proc/\(process.pid)/status", encoding: .utf8)
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
      residentKibibytes = try #require(Int(line.filter(\.isNumber)))
    }
  }

  @Test func `no request fails, no answer is wrong, descriptors and memory stay flat`() async throws {
    var generator = CounterGenerator(seed: Self.seed)
    let start = Date()
    let end = start.addingTimeInterval(60 * minutes)
    try await ChaosScene.underLoad("soak of \(minutes) minutes, seed \(Self.seed)", rate: Self.rate) { scene in
      func footprints() throws -> [pid_t: (name: String, Footprint)] {
        var all = try [pid_t: (name: String, Footprint)](
          uniqueKeysWithValues: scene.cluster.experts.map { ($1.pid, ("expert \($0)", try Footprint(of: $1))) })
        let daemon = try #require(scene.cluster.baseStation)
        all[daemon.pid] = ("base station", try Footprint(of: daemon))
        return all
      }
      var harms: [String: Int] = [:]
      func harmUntil(_ time: Date) async throws {
        while Date() < time {
          let harm = try #require(Harm.allCases.randomElement(using: &generator))
          let expert = Int.random(in: 0..<Cluster.expertCount, using: &generator)
          try await inflict(harm, on: expert, scene)
          harms["\(harm)", default: 0] += 1
        }
      }
      try await harmUntil(start.addingTimeInterval(20 * minutes))
      let (early, ownEarly) = (try footprints(), try openDescriptors(of: getpid()))
      try await harmUntil(end)
      let (late, ownLate) = (try footprints(), try openDescriptors(of: getpid()))
      print(
        "soak: harm done: \(harms.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))")
      print("soak: the test itself: descriptors \(ownEarly) then \(ownLate)")
      #expect(ownLate <= ownEarly + Self.spareDescriptors)
      // Experts that have been started anew since are none to compare.
      for (pid, (name, before)) in early {
        guard let (_, after) = late[pid] else { continue }
        print(
          "soak: \(name): descriptors \(before.descriptors) then \(after.descriptors), "
            + "KiB \(before.residentKibibytes) then \(after.residentKibibytes)")
        #expect(after.descriptors <= before.descriptors + 1, "\(name)")
        #expect(after.residentKibibytes <= before.residentKibibytes + Self.spareKibibytes, "\(name)")
      }
    }
  }
}
