import Foundation
import Radio
import Testing
import WireProtocol

/// Run with `MOE_BENCHMARK=1 swift test -c release --filter Benchmarks`; prints one line a figure.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["MOE_BENCHMARK"] != nil)) struct WireBenchmarks {
  /// The median of some rounds, in nanoseconds a call.
  private func measure(_ name: String, calls: Int = 20_000, _ body: () -> Void) {
    let clock = ContinuousClock()
    let rounds = (0..<21).map { _ in clock.measure { for _ in 0..<calls { body() } } }.sorted()
    let (seconds, attoseconds) = rounds[rounds.count / 2].components
    let nanoseconds = (Double(seconds) * 1e9 + Double(attoseconds) * 1e-9) / Double(calls)
    print(name.padding(toLength: 44, withPad: " ", startingAt: 0), String(format: "%8.0f ns", nanoseconds))
  }

  private func decode(_ bytes: UnsafeRawBufferPointer, _ decoder: inout FrameDecoder) -> FrameBuffer {
    var input = bytes
    guard let frame = try? decoder.next(from: &input) else { preconditionFailure("no frame") }
    return frame
  }

  @Test func `small messages of the hot path`() throws {
    var decoder = FrameDecoder(limits: .standard)
    for golden in GoldenCase.all where [.infer, .result, .dispatch, .reply, .ping].contains(golden.message.type) {
      measure("encode \(golden.name)") { _ = golden.message.encode(requestID: 1) }
      let frame = golden.message.encode(requestID: 1)
      frame.withBytes { bytes in
        measure("frame and decode \(golden.name)") { _ = try? Message(decoding: decode(bytes, &decoder)) }
      }
    }
  }

  @Test func `a LeNet-5 dispatch of one latent and of 32`() throws {
    var decoder = FrameDecoder(limits: .standard)
    for count in [1, 32] {
      let items = (0..<count).map { Dispatch.Item(block: UInt64($0), tag: UInt64($0), attempt: 0) }
      let dispatch = Dispatch(modelDigest: digest, link: .analog, latentCount: 120, items: items)
      let floats = [Float](repeating: 0.5, count: 120 * count)
      measure("encode dispatch of \(count)") {
        _ = dispatch.encode(requestID: 1) { _ = $0.update(fromContentsOf: floats) }
      }
      let frame = dispatch.encode(requestID: 1) { _ = $0.update(fromContentsOf: floats) }
      frame.withBytes { bytes in
        measure("frame and decode dispatch of \(count)") { _ = try? Dispatch(decoding: decode(bytes, &decoder)) }
      }
    }
  }

  @Test func `the CRC of a megabyte`() {
    let bytes = [UInt8](repeating: 7, count: 1 << 20)
    bytes.withUnsafeBytes { bytes in
      measure("CRC-32C of 1 MiB, \(CRC32C.implementation)", calls: 20) { _ = CRC32C.of(bytes) }
      measure("CRC-32C of 1 MiB, tables", calls: 20) { _ = CRC32C.portable(of: bytes) }
    }
  }
}
