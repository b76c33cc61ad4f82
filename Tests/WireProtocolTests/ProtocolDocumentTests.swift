import Foundation
import Testing
import WireProtocol

/// PROTOCOL.md must say what the code does.
struct ProtocolDocumentTests {
  private let document: String

  init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    document = try String(contentsOf: root.appending(path: "PROTOCOL.md"), encoding: .utf8)
  }

  @Test func `the worked example is the golden bytes`() {
    let blocks = document.components(separatedBy: "```hex\n").dropFirst()
      .map { bytes(ofListing: String($0.prefix { $0 != "`" })) }
    let golden = [
      GoldenFrames.exampleClientHello, GoldenFrames.exampleBaseStationHello, GoldenFrames.exampleInfer,
      GoldenFrames.exampleResult,
    ]
    #expect(blocks == golden.map(bytes(ofListing:)))
  }

  @Test func `every message type and error code stands in a table with its number`() {
    for type in MessageType.allCases { #expect(document.contains("| \(type.rawValue) | `\(type)` |"), "\(type)") }
    for code in ErrorCode.allCases {
      #expect(document.contains("| \(code.rawValue) | `\(code)` | \(code.isRetryable ? "yes" : "no") |"), "\(code)")
    }
  }

  @Test func `the limits are those of the code`() {
    for limit in [
      "| a frame before HELLO | \(FrameLimits.beforeHello.maximumFrameBytes) bytes |",
      "| a frame after HELLO, unless said otherwise | \(FrameLimits.standard.maximumFrameBytes) bytes |",
      "| blocks in one channel report | \(ChannelSubscription.maximumBlocks) |",
      "| an error's message | \(ProtocolError.maximumMessageBytes) bytes |",
      "| a node id | 1 to \(NodeID.maximumBytes) bytes |",
    ] { #expect(document.contains(limit), "\(limit)") }
  }
}
