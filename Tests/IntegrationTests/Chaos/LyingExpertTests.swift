import Foundation
import Testing

/// An expert that lies about its channel.
@Suite(.serialized, .timeLimit(.minutes(5))) struct LyingExpertTests {
  @Test(arguments: ["digital", "analog"])
  func `an expert that reports a far better channel than it has costs no request`(link: String) async throws {
    let cluster = try Cluster()
    defer { cluster.end() }
    for expert in 0..<Cluster.expertCount {
      try cluster.startExpert(
        expert, ChaosScene.requestClock + (expert == 3 ? ["--snr-mean-db=-20", "--snr-std-db", "0"] : []))
    }
    try cluster.interpose(before: 3).set(.rewrite(Lie.claiming(snrDB: 120)), .toDialler)
    try cluster.startBaseStation(["--link", link, "--gate", "best-snr"])
    try cluster.waitUntil("all experts are up") { $0.upCount == Cluster.expertCount }
    let known = try await KnownAnswers(of: cluster, baseStation: ["--link", link])
    let load = try await Load(on: cluster, expecting: known)
    await load.more(3000)
    let counters = try #require(try cluster.status()).counters
    let outcome = await load.stop()
    print(
      "chaos: lying, \(link): \(outcome.summary); by expert \(outcome.experts.sorted { $0.key < $1.key }); "
        + "transmissions \(counters["transmissions"] ?? 0) for \(counters["images"] ?? 0) images")
    #expect(outcome.failures.isEmpty, "\(outcome.failures.prefix(5))")
    if link == "digital" {
      // Nearly every image would be lost once on its way to the liar, were it asked for long.
      let (transmissions, images) = (counters["transmissions"] ?? .max, counters["images"] ?? 0)
      #expect(transmissions < images * 11 / 10, "the liar is left alone once its losses belie it")
    }
    // Over an analog link nothing tells a lie from noise: its answers are believed, with the state that it claims. A
    // digital link's checksums do not lie, and others answer.
    let lies = outcome.experts[3] ?? 0
    #expect(link == "analog" ? lies > 0 : lies == 0)
    #expect(outcome.wrong.count == lies, "\(outcome.wrong.prefix(5))")
  }
}
