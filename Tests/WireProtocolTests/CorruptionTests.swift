import Testing
import WireProtocol

struct CorruptionTests {
  /// Half of the inputs have their CRC made good again, so that the corruption reaches the messages' own readers.
  @Test func `a million corrupted streams never crash nor take more memory than allowed`() {
    var random = RandomMessages(seed: 3)
    var outcomes: [String: Int] = [:]
    for round in 0..<10_000 {
      let frame = random.message().encode(requestID: random.word()).bytes
      for attempt in 0..<100 {
        var stream = frame
        for _ in 0..<random.number(1...4) { corrupt(&stream, using: &random) }
        if attempt % 2 == 0 { stream = resealed(stream) }
        outcomes[outcome(of: stream, cutAt: round % 3 == 0 ? random.number(0...64) : 0), default: 0] += 1
      }
    }
    #expect(outcomes.values.reduce(0, +) == 1_000_000)
    // The loop means something only where all of these happen.
    for kind in ["waiting", "frame error", "message error", "message"] {
      #expect(outcomes[kind, default: 0] > 1_000, "\(outcomes)")
    }
  }

  private func corrupt(_ stream: inout [UInt8], using random: inout RandomMessages) {
    guard !stream.isEmpty else { return }
    // Mostly behind the CRC, where the counts and lengths of the messages are.
    let start = random.number(0...3) == 0 ? 0 : min(32, stream.count - 1)
    let index = random.number(start...min(stream.count - 1, start + 120))
    switch random.number(0...6) {
    case 0: stream[index] ^= 1 << random.number(0...7)
    case 1: stream[index] = 0xFF
    case 2: stream[index] = 0
    case 3: stream[index] = UInt8(truncatingIfNeeded: random.word())
    case 4: stream.removeLast(random.number(1...stream.count))
    case 5:
      for offset in index..<min(index + 4, stream.count) { stream[offset] = 0xFF }
    default:
      for offset in index..<min(index + 4, stream.count) { stream[offset] = UInt8(truncatingIfNeeded: random.word()) }
    }
  }

  private func outcome(of stream: [UInt8], cutAt cut: Int) -> String {
    var decoder = FrameDecoder(limits: FrameLimits(maximumFrameBytes: 1 << 20))
    do {
      var received = try decoder.frames(in: stream.prefix(cut))
      received += try decoder.frames(in: stream.dropFirst(cut))
      precondition(decoder.bytesHeld <= max(65_536, 4 * stream.count))
      guard let frame = received.first else { return "waiting" }
      do {
        if case .dispatch(let dispatch) = try Message(decoding: frame) { _ = try dispatch.codedLatents() }
        return "message"
      } catch {
        return "message error"
      }
    } catch {
      return "frame error"
    }
  }
}
