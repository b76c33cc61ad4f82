import Foundation
import Testing

@Suite struct ReloadTests {
  private struct Reloaded: Decodable {
    let digest: String
    let is_new: Bool
  }

  /// Puts another model into the place of the one that all nodes read.
  private func exchange(_ model: URL, for other: URL) throws {
    let aside = model.appendingPathExtension("aside")
    try FileManager.default.moveItem(at: model, to: aside)
    try FileManager.default.moveItem(at: other, to: model)
    try FileManager.default.moveItem(at: aside, to: other)
  }

  @Test func `reloads under load lose nothing, and the base station serves what its folder has`() throws {
    let cluster = try Cluster.serving()
    defer { cluster.end() }
    let other = cluster.folder.appendingPathComponent("other")
    try Cluster.writeModel(to: other, seed: 2)
    let before = try #require(try cluster.status()).digest
    let bench = try cluster.startClient("bench", ["--concurrency", "4", "--seconds", "6", "--json"])
    var digests: [String] = []
    for _ in 0..<6 {
      try exchange(cluster.model, for: other)
      let (status, output, errors) = try cluster.client("reload", ["--json"])
      #expect(status == 0, "\(errors)")
      digests.append(contentsOf: try decodeLines(Reloaded.self, output).map(\.digest))
    }
    let (status, output) = try bench.finish()
    #expect(status == 0, "\(bench.standardError) \(output)")
    #expect(digests.count == 6 && Set(digests).count == 2)
    let after = try #require(try cluster.status())
    #expect(after.digest == before && digests.last == before)
    #expect(after.upCount == Cluster.expertCount)
  }

  @Test func `SIGHUP reloads, too, and a folder that is broken changes nothing`() throws {
    let cluster = try Cluster.serving()
    defer { cluster.end() }
    let before = try #require(try cluster.status()).digest
    let weights = cluster.model.appendingPathComponent("backbone.safetensors")
    let sound = try Data(contentsOf: weights)
    try Data("no weights".utf8).write(to: weights)
    let (status, _, errors) = try cluster.client("reload", [])
    #expect(status == 1)
    #expect(errors.contains("backbone.safetensors"), "\(errors)")
    #expect(try #require(try cluster.status()).digest == before)
    try sound.write(to: weights)

    let other = cluster.folder.appendingPathComponent("other")
    try Cluster.writeModel(to: other, seed: 2)
    try exchange(cluster.model, for: other)
    let baseStation = try #require(cluster.baseStation)
    baseStation.send(SIGHUP)
    try cluster.waitUntil("the new model is served") { $0.digest != before }
    let picture = try writePicture("picture.ppm", in: cluster.folder)
    let (inferStatus, _, inferErrors) = try cluster.client("infer", [picture, "--explain"])
    #expect(inferStatus == 0, "\(inferErrors)")
  }

  @Test func `with no expert left the base station's own copies answer, where it was told to`() throws {
    let cluster = try Cluster()
    defer { cluster.end() }
    try cluster.startBaseStation(["--fallback", "local"])
    let picture = try writePicture("picture.ppm", in: cluster.folder)
    let (status, output, errors) = try cluster.client("infer", [picture, "--json"])
    #expect(status == 0, "\(errors)")
    struct Line: Decodable {
      let expert: Int
      let snr_db: Double?
    }
    let line = try #require(try decodeLines(Line.self, output).first)
    #expect((0..<Cluster.expertCount).contains(line.expert) && line.snr_db == nil)
  }
}
