import Datasets
import Testing
import WireProtocol

struct FrameDecoderTests {
  private let golden = GoldenCase.all.map { bytes(ofListing: $0.listing) }

  @Test func `a stream fed byte by byte gives the same frames`() throws {
    var decoder = FrameDecoder(limits: .standard)
    var received: [[UInt8]] = []
    for byte in golden.joined() { received += try decoder.frames(in: [byte]).map(\.bytes) }
    #expect(received == golden)
    #expect(decoder.bytesPending == 0)
  }

  @Test func `a stream cut anywhere gives the same frames`() throws {
    var random = RandomMessages(seed: 2)
    for _ in 0..<2_000 {
      var decoder = FrameDecoder(limits: .standard)
      var received: [[UInt8]] = []
      var rest = Array(golden.joined())[...]
      while !rest.isEmpty {
        let piece = rest.prefix(random.number(1...400))
        rest = rest.dropFirst(piece.count)
        received += try decoder.frames(in: piece).map(\.bytes)
      }
      #expect(received == golden)
    }
  }

  @Test func `a truncated frame waits for more bytes`() throws {
    for frame in golden {
      for length in [0, 1, 4, 31, 32, frame.count - 1] where length < frame.count {
        #expect(try frames(Array(frame.prefix(length))).isEmpty)
      }
    }
  }

  @Test func `the rest of a large frame can be read straight into its place`() throws {
    let infer = Infer(
      count: 100, shape: ImageShape(channels: 3, height: 32, width: 32),
      pixels: BytePayload((0..<307_200).map { UInt8(truncatingIfNeeded: $0 &* 31) }))
    let sent = Message.infer(infer).encode(requestID: 3)
    var decoder = FrameDecoder(limits: .standard)
    var rest = sent.bytes[...]
    let early = try decoder.frames(in: rest.prefix(100))
    #expect(early.isEmpty)
    rest = rest.dropFirst(100)
    var received: FrameBuffer?
    while received == nil {
      guard let space = decoder.directSpace(atLeast: 1) else { break }
      let piece = rest.prefix(min(space.count, 50_000))
      rest = rest.dropFirst(piece.count)
      space.copyBytes(from: piece)
      received = try decoder.filled(piece.count)
    }
    #expect(rest.isEmpty)
    #expect(received?.bytes == sent.bytes)
    let space = decoder.directSpace(atLeast: 1)
    #expect(space == nil)
  }

  @Test func `a frame that claims four gigabytes costs nothing`() {
    var header = bytes(ofListing: GoldenFrames.ping)
    header.replaceSubrange(8..<16, with: [UInt8](repeating: 255, count: 8))
    var decoder = FrameDecoder(limits: .standard)
    let error = #expect(throws: WireError.self) { try decoder.frames(in: header) }
    #expect(error?.code == .tooLarge)
    #expect(error?.description == "frame: length: expected at most 16777216 bytes, received 8589934655 bytes")
    #expect(decoder.bytesHeld <= 64)
  }

  @Test func `memory grows with what arrives, not with what is claimed`() throws {
    var stream = bytes(ofListing: GoldenFrames.infer)
    stream.replaceSubrange(12..<16, with: [0, 0, 0xF0, 0])  // 15 MB
    stream += [UInt8](repeating: 0, count: 3_000_000 - stream.count)
    var decoder = FrameDecoder(limits: .standard)
    var fed = 0
    for start in stride(from: 0, to: stream.count, by: 10_000) {
      let piece = stream[start..<min(start + 10_000, stream.count)]
      let received = try decoder.frames(in: piece)
      #expect(received.isEmpty)
      fed += piece.count
      #expect(decoder.bytesHeld <= max(65_536, 4 * fed))
    }
    #expect(decoder.bytesPending == fed)
  }

  @Test func `before hello only small frames are taken`() {
    var header = bytes(ofListing: GoldenFrames.infer)
    header.replaceSubrange(12..<16, with: [0, 0, 1, 0])
    let error = #expect(throws: WireError.self) { try frames(header, limits: .beforeHello) }
    #expect(error?.code == .tooLarge)
  }

  @Test(arguments: [0, 1, 2, 3]) func `another protocol is refused by its first bytes`(index: Int) {
    var start = Array(bytes(ofListing: GoldenFrames.ping).prefix(index + 1))
    start[index] ^= 0x20
    let error = #expect(throws: WireError.self) { try frames(start) }
    #expect(error?.field == "magic")
  }

  @Test(arguments: [
    (4, UInt8(2), "version"), (5, 0, "type"), (5, 17, "type"), (6, 1, "flags"), (7, 128, "flags"), (28, 0, "crc32c"),
    (33, 0, "crc32c"),
  ]) func `a bad header is refused by name`(offset: Int, value: UInt8, field: String) {
    var ping = bytes(ofListing: GoldenFrames.ping)
    ping[offset] = value
    let error = #expect(throws: WireError.self) { try frames(ping) }
    #expect(error?.field == field)
    #expect(error?.code == (field == "version" ? .unsupportedVersion : .badRequest))
  }

  @Test func `padding that is not zeros is refused`() {
    var infer = bytes(ofListing: GoldenFrames.infer)
    infer[60] = 1
    let error = #expect(throws: WireError.self) { try frames(resealed(infer)) }
    #expect(error?.field == "padding")
  }

  @Test func `every single damaged bit of a frame is noticed`() throws {
    for frame in golden {
      for bit in 0..<8 * frame.count {
        var damaged = frame
        damaged[bit / 8] ^= 1 << (bit % 8)
        // A longer length makes it wait; everything else is an error.
        if let received = try? frames(damaged) { #expect(received.isEmpty && (64..<128).contains(bit)) }
      }
    }
  }
}
