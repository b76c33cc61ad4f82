import Foundation
import Testing

/// A bad network between clients and the base station.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ClientChaosTests {
  @Test(arguments: ["cut", "partition", "delay"])
  func `the way from clients to the base station is bad`(how: String) async throws {
    let cluster = try Cluster.serving()
    defer { cluster.end() }
    let known = try await KnownAnswers(of: cluster)
    let proxy = try FaultProxy(to: cluster.address)
    defer { proxy.end() }
    let load = try await Load(on: cluster, through: proxy.address, expecting: known)
    await load.more(300)
    switch how {
    case "cut":
      for _ in 0..<10 {
        proxy.cut()
        await load.more(50)
      }
    case "partition":
      // Others are served meanwhile.
      proxy.set(.blackHole)
      let (status, _, errors) = try cluster.client("evaluate", evaluation([]))
      #expect(status == 0, "\(errors)")
      proxy.set(.none)
    default:
      proxy.set(.delay(30))
      await load.more(200)
      proxy.set(.none)
    }
    await load.more(300)
    let outcome = await load.stop()
    print("chaos: clients, \(how): \(outcome.summary)")
    #expect(
      outcome.failures.isEmpty && outcome.wrong.isEmpty, "\(outcome.failures.prefix(3)) \(outcome.wrong.prefix(3))")
    try cluster.waitUntil("all experts are up") { $0.upCount == Cluster.expertCount }
  }
}
