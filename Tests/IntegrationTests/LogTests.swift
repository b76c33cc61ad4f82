import Foundation
import Testing

@Suite struct LogTests {
  @Test func `a request is followed by its number through the logs of base station and experts`() throws {
    let format = ["--log-level", "debug", "--log-format", "json"]
    let cluster = try Cluster.serving(format, expertOptions: ["--clock", "request", "--seed", "1"] + format)
    defer { cluster.end() }
    let pictures = try (0..<3).map { try writePicture("picture-\($0).ppm", in: cluster.folder) }
    let (status, _, errors) = try cluster.client("infer", pictures)
    #expect(status == 0, "\(errors)")
    // At their ends they have written what they had to tell.
    for process in [cluster.baseStation] + (0..<8).map({ cluster.experts[$0] }) {
      process?.send(SIGTERM)
      #expect(try process?.finish(within: 60).status == 0)
    }

    let lines = try logLines(of: cluster.baseStation)
    let answered = lines.filter { $0["message"] == "request answered" }
    #expect(
      lines.contains { $0["message"]?.hasSuffix("is connected") == true && $0["client"] == answered.first?["client"] })
    #expect(answered.compactMap { $0["images"].flatMap(Int.init) }.reduce(0, +) == 3)
    #expect(answered.allSatisfy { $0["unclassified"] == "0" && $0["us"].flatMap(Int.init) ?? 0 > 0 })
    for request in answered {
      let name = "\(try #require(request["client"]))/\(try #require(request["request"]))"
      let dispatches = lines.filter { $0["requests"]?.split(separator: ",").contains(Substring(name)) == true }
      #expect(!dispatches.isEmpty)
      for dispatch in dispatches {
        let expert = try #require(dispatch["expert"].flatMap(Int.init))
        let found = try logLines(of: cluster.experts[expert]).filter { $0["dispatch"] == dispatch["dispatch"] }
        #expect(found.map { $0["message"] } == ["dispatch answered"])
      }
    }
  }

  @Test(arguments: ["text", "json"]) func `a log whose reader pauses holds neither base station nor expert up`(
    format: String
  ) throws {
    let cluster = try Cluster()
    defer { cluster.end() }
    let log = ["--log-level", "debug", "--log-format", format]
    try cluster.startExpert(0, ["--clock", "request", "--seed", "1"] + log, isLogRead: false)
    try cluster.startBaseStation(log, isLogRead: false)
    try cluster.waitUntil("the expert is up") { $0.upCount == 1 }
    let picture = try writePicture("picture.ppm", in: cluster.folder)
    let (status, _, errors) = try cluster.client("infer", [picture])
    #expect(status == 0, "\(errors)")
    for process in [cluster.baseStation, cluster.experts[0]] {
      process?.send(SIGTERM)
      #expect(try process?.finish(within: 60).status == 0)
    }
  }

  private func logLines(of process: ChildProcess?) throws -> [[String: String]] {
    let lines = try decodeLines([String: String].self, try #require(process).standardError)
    #expect(lines.allSatisfy { $0["time"] != nil && $0["level"] != nil && $0["node"] != nil })
    return lines
  }
}
