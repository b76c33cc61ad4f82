import Digests
import Radio
import Testing
import WireProtocol

/// Golden bytes with one place changed, and what the error must name.
struct Refusal: CustomTestStringConvertible {
  var what: String
  var listing: String
  var offset: Int
  var bytes: [UInt8]
  var expected: [String]
  var testDescription: String { what }

  init(_ what: String, _ listing: String, at offset: Int, _ bytes: [UInt8], _ expected: String...) {
    self.what = what
    self.listing = listing
    self.offset = offset
    self.bytes = bytes
    self.expected = expected
  }

  private static let infinity: [UInt8] = [0, 0, 0x80, 0x7F]

  static let all = [
    Refusal("an unknown role", GoldenFrames.helloClient, at: 34, [9], "hello", "role", "1, 2, 3, 4", "9"),
    Refusal("versions upside down", GoldenFrames.helloClient, at: 32, [3, 2], "hello", "versions", "3 and 2"),
    Refusal("version nought", GoldenFrames.helloClient, at: 32, [0], "hello", "versions"),
    Refusal("a reserved byte in use", GoldenFrames.helloClient, at: 35, [1], "hello", "reserved", "expected 0"),
    Refusal("a tiny maximum frame", GoldenFrames.helloClient, at: 44, [1, 0, 0, 0], "hello", "maximum frame", "4096"),
    Refusal("a batch of none", GoldenFrames.helloClient, at: 48, [0, 0], "hello", "maximum batch", "1 to 65535"),
    Refusal("a node id that is empty", GoldenFrames.helloClient, at: 50, [0], "hello", "node id", "1 to 64 bytes"),
    Refusal("a node id that is overlong", GoldenFrames.helloClient, at: 50, [65], "hello", "node id", "65 bytes"),
    Refusal("a node id with a space", GoldenFrames.helloClient, at: 51, [0x20], "hello", "node id", "ASCII"),
    Refusal("a line break in text", GoldenFrames.helloClient, at: 58, [10], "hello", "software", "the byte 10"),
    Refusal("text that is no UTF-8", GoldenFrames.helloClient, at: 58, [0xFF], "hello", "software", "UTF-8"),
    Refusal("text beyond the end", GoldenFrames.helloClient, at: 57, [9], "hello", "software", "9 bytes", "7 bytes"),
    Refusal("trailing bytes", GoldenFrames.helloClient, at: 57, [6], "hello", "end of fields", "1 bytes"),
    Refusal("an index out of range", GoldenFrames.helloExpert, at: 67, [8, 0], "hello", "expert index", "of 8"),
    Refusal("an unknown clock", GoldenFrames.helloExpert, at: 87, [2], "hello", "clock", "0, 1"),
    Refusal("no digest", GoldenFrames.helloExpert, at: 88, [0], "hello", "digests", "1 to 8"),
    Refusal("more digests than bytes", GoldenFrames.helloExpert, at: 88, [3], "hello", "digests", "96 bytes"),
    Refusal("an unknown link", GoldenFrames.helloBaseStation, at: 67, [3], "hello", "link", "0, 1, 2"),
    Refusal("an image without width", GoldenFrames.helloBaseStation, at: 73, [0, 0], "hello", "shape", "3 x 32 x 0"),
    Refusal("more labels than bytes", GoldenFrames.helloBaseStation, at: 75, [255, 255], "hello", "class labels"),
    Refusal("no images", GoldenFrames.infer, at: 32, [0, 0], "infer", "count", "1 to 65535", "received 0"),
    Refusal("an unknown flag", GoldenFrames.infer, at: 34, [8], "infer", "flags", "0 to 7", "received 8"),
    Refusal("an unknown block mode", GoldenFrames.infer, at: 35, [3], "infer", "block mode", "0, 1, 2"),
    Refusal("more images than pixels", GoldenFrames.infer, at: 32, [3, 0], "infer", "pixels", "3 times 6", "12 bytes"),
    Refusal(
      "a product beyond 64 bits", GoldenFrames.infer, at: 32, [255, 255, 0, 0, 255, 255, 255, 255, 255, 255],
      "infer", "pixels", "65535 times 281462092005375"),
    Refusal("blocks beyond the end", GoldenFrames.inferPinned, at: 32, [2, 0], "infer", "blocks", "16 bytes"),
    Refusal("an unknown outcome", GoldenFrames.result, at: 84, [2], "result", "outcome 0", "0, 1"),
    Refusal("a probability that is none", GoldenFrames.result, at: 88, notANumber, "result", "probability 0", "nan"),
    Refusal("a weight that is infinite", GoldenFrames.result, at: 138, infinity, "result", "weight 0", "inf"),
    Refusal("an SNR that is infinite", GoldenFrames.result, at: 154, infinity, "result", "snr 0", "inf"),
    Refusal("more outcomes than bytes", GoldenFrames.result, at: 66, [255, 255], "result", "count", "655350"),
    Refusal(
      "a class beyond the classes", GoldenFrames.resultWithProbabilities, at: 77, [4, 0], "result", "class 0",
      "less than 4"),
    Refusal(
      "more probabilities than bytes", GoldenFrames.resultWithProbabilities, at: 68, [5, 0], "result",
      "probabilities", "5 times 4"),
    Refusal("more latents than bytes", GoldenFrames.dispatch, at: 68, [255, 255, 255, 255], "dispatch", "latents"),
    Refusal("no latents", GoldenFrames.dispatch, at: 68, [0, 0, 0, 0], "dispatch", "latent count"),
    Refusal(
      "a latent that is no number", GoldenFrames.dispatch, at: 132, notANumber, "dispatch", "latents", "nan at 1"),
    Refusal("more items than bytes", GoldenFrames.dispatch, at: 66, [3, 0], "dispatch", "items", "60 bytes"),
    Refusal("an unknown status", GoldenFrames.reply, at: 77, [9], "reply", "status 0", "0, 1, 2, 3, 4, 5"),
    Refusal("an output that is infinite", GoldenFrames.reply, at: 204, infinity, "reply", "outputs", "inf at 3"),
    Refusal("a report with no block", GoldenFrames.reply, at: 169, [0, 0], "reply", "count 0", "1 to 16384"),
    Refusal("a report beyond the end", GoldenFrames.reply, at: 169, [3, 0], "reply", "report's snr 0", "12 bytes"),
    Refusal(
      "more lost codewords than sent ones", GoldenFrames.reply, at: 137, [2, 0], "reply", "decode failures 1",
      "at most 1"),
    Refusal("a time on air before it began", GoldenFrames.reply, at: 166, [0xC2], "reply", "airtime 1", "-75.5"),
    Refusal("an unknown delivery", GoldenFrames.result, at: 158, [3], "result", "share's delivery 0", "0, 1, 2"),
    Refusal("a time on air without end", GoldenFrames.result, at: 128, infinity, "result", "airtime 0", "inf"),
    Refusal(
      "an unknown policy", GoldenFrames.dispatchDigital, at: 117, [3], "dispatch", "packet's policy 1", "0, 1, 2"),
    Refusal(
      "a packet shorter than any", GoldenFrames.dispatchDigital, at: 113, [41], "dispatch", "packet's length 0",
      "42 to 46", "received 41"),
    Refusal(
      "a packet longer than any", GoldenFrames.dispatchDigital, at: 118, [255, 255, 255, 255], "dispatch",
      "packet's length 1", "42 to 46", "received 4294967295"),
    Refusal(
      "packets that are more than the payload", GoldenFrames.dispatchDigital, at: 113, [44], "dispatch", "packets",
      "90 times 1", "88 bytes"),
    Refusal(
      "more latents than a packet holds", GoldenFrames.dispatchDigital, at: 68, [0, 0, 1, 0], "dispatch",
      "latent count", "1 to 65535", "received 65536"),
    Refusal(
      "more packets than bytes", GoldenFrames.dispatchDigital, at: 66, [255, 255], "dispatch", "items",
      "1638375 bytes"),
    Refusal("a state that is no number", GoldenFrames.channelReport, at: 48, notANumber, "channel report", "snr"),
    Refusal("two blocks by the wall clock", GoldenFrames.channelReport, at: 32, [0], "channel report", "1 to 1"),
    Refusal("a window of too many blocks", GoldenFrames.subscribe, at: 40, [1, 64, 0, 0], "subscribe", "16384"),
    Refusal("an unknown reason", GoldenFrames.goaway, at: 32, [0], "goaway", "reason", "1, 2, 3"),
    Refusal("an unknown code", GoldenFrames.error, at: 32, [0, 1], "error", "code", "received 256"),
    Refusal("a flag that is neither", GoldenFrames.error, at: 34, [2], "error", "retryable", "0 or 1"),
    Refusal("an overlong error", GoldenFrames.error, at: 40, [1, 4], "error", "message", "0 to 1024", "1025"),
    Refusal("an unknown state", GoldenFrames.status, at: 89, [5], "status", "expert's state 0", "0, 1, 2, 3, 4"),
    Refusal("more experts than bytes", GoldenFrames.status, at: 74, [255, 255], "status", "experts"),
    Refusal("more counters than bytes", GoldenFrames.status, at: 76, [255, 255], "status", "counters"),
  ]
}

struct RefusalTests {
  @Test(arguments: Refusal.all) func `a message out of order is refused by name`(refusal: Refusal) throws {
    var bytes = bytes(ofListing: refusal.listing)
    bytes.replaceSubrange(refusal.offset..<refusal.offset + refusal.bytes.count, with: refusal.bytes)
    let frame = try #require(try frames(resealed(bytes)).first)
    let error = #expect(throws: WireError.self) { _ = try Message(decoding: frame) }
    let description = error.map { "\($0)" } ?? ""
    for part in refusal.expected { #expect(description.contains(part), "\(description)") }
  }

  @Test func `a payload where none belongs is refused`() throws {
    var bytes = bytes(ofListing: GoldenFrames.ping)
    bytes[12] = 4
    bytes += [UInt8](repeating: 0, count: 24 + 4)
    let frame = try #require(try frames(resealed(bytes)).first)
    let error = #expect(throws: WireError.self) { _ = try Message(decoding: frame) }
    #expect(error?.description == "ping: payload: expected 0 bytes, received 4 bytes")
  }

  @Test func `versions without a common one are refused by name`() throws {
    #expect(try ProtocolVersions.supported.negotiated(with: ProtocolVersions(minimum: 1, maximum: 9)) == 1)
    let error = #expect(throws: ProtocolError.self) {
      try ProtocolVersions.supported.negotiated(with: ProtocolVersions(minimum: 2, maximum: 9))
    }
    #expect(error?.code == .unsupportedVersion)
    #expect(error?.message == "protocol versions: expected some of 1...1, received 2...9")
  }

  @Test func `a message is read only from a frame of its type`() throws {
    let frame = Message.cancel.encode(requestID: 1)
    #expect(throws: WireError.self) { try Dispatch(decoding: frame) }
  }

  @Test(
    arguments: [
      (128 + 4, [0, 0, 0xC0, 0xC0], "range of packet 0"), (128 + 8, [4, 0], "latents of packet 0"),
      (128 + 42 + 10, [2], "coding of packet 1"), (128 + 42 + 11, [1], "padding of packet 1"),
      (128 + 87, [0xE1], "padding of packet 1"), (128, notANumber, "range of packet 0"),
    ] as [(Int, [UInt8], String)])
  func `a packet that is no coded latent is refused by name, the message that holds it is not`(
    offset: Int, changed: [UInt8], field: String
  ) throws {
    var bytes = bytes(ofListing: GoldenFrames.dispatchDigital)
    bytes.replaceSubrange(offset..<offset + changed.count, with: changed)
    let dispatch = try Dispatch(decoding: #require(try frames(resealed(bytes)).first))
    let error = #expect(throws: WireError.self) { try dispatch.codedLatents() }
    #expect("\(try #require(error))".hasPrefix("dispatch: \(field): expected"))
  }
}

private let notANumber: [UInt8] = [0, 0, 0xC0, 0x7F]
