import Datasets
import Digests
import Radio
import Testing
import WireProtocol

/// A message, the header fields beside it, and its bytes.
struct GoldenCase: CustomTestStringConvertible {
  var name: String
  var listing: String
  var requestID: UInt64 = 0
  var deadline: UInt32 = 0
  var message: Message
  var testDescription: String { name }

  static let all: [GoldenCase] = [
    GoldenCase(name: "hello, client", listing: GoldenFrames.helloClient, message: .hello(hello("node-1", .client))),
    GoldenCase(
      name: "hello, operator", listing: GoldenFrames.helloOperator, message: .hello(hello("node-1", .operator))),
    GoldenCase(
      name: "hello, expert", listing: GoldenFrames.helloExpert,
      message: .hello(
        hello(
          "expert-3",
          .expert(
            Hello.Expert(
              index: 3, expertCount: 8, linkProcess: 19, digests: [digest, secondDigest], clock: .request,
              coherenceMicroseconds: 50_000, latentCount: 120, outputCount: 10))))),
    GoldenCase(
      name: "hello, base station", listing: GoldenFrames.helloBaseStation,
      message: .hello(
        hello(
          "bs-7",
          .baseStation(
            Hello.BaseStation(
              id: 7, modelName: "lenet5", digest: digest, inputShape: ImageShape(channels: 3, height: 32, width: 32),
              classLabels: ["aeroplane", "vélo"], gate: "channel-aware", link: .analog))))),
    GoldenCase(
      name: "infer", listing: GoldenFrames.infer, requestID: 5, deadline: 250_000,
      message: .infer(
        Infer(
          count: 2, shape: ImageShape(channels: 1, height: 2, width: 3), blocks: .from(1000),
          pixels: BytePayload(1...12)))),
    GoldenCase(
      name: "infer, pinned to a model", listing: GoldenFrames.inferPinned, requestID: 6,
      message: .infer(
        Infer(
          count: 1, shape: ImageShape(channels: 3, height: 1, width: 1), blocks: .each([.max]), modelDigest: digest,
          wantsProbabilities: true, pixels: BytePayload([255, 128, 0])))),
    GoldenCase(
      name: "infer, blocks unnamed", listing: GoldenFrames.inferUnnamed, requestID: 7,
      message: .infer(
        Infer(count: 1, shape: ImageShape(channels: 3, height: 1, width: 1), pixels: BytePayload([1, 2, 3])))),
    GoldenCase(name: "result", listing: GoldenFrames.result, requestID: 5, message: .result(result)),
    GoldenCase(
      name: "result with probabilities", listing: GoldenFrames.resultWithProbabilities, requestID: 6,
      message: .result(resultWithProbabilities)),
    GoldenCase(
      name: "dispatch", listing: GoldenFrames.dispatch, requestID: 9, deadline: 100_000,
      message: .dispatch(
        Dispatch(
          modelDigest: digest, link: .analog, latentCount: 3,
          items: [.init(block: 1000, tag: 1000, attempt: 0), .init(block: 1001, tag: 1001, attempt: 1)],
          latents: FloatPayload([1, -2, 0.5, 0, 3, -0.25])))),
    GoldenCase(
      name: "dispatch over a digital link", listing: GoldenFrames.dispatchDigital, requestID: 10, deadline: 100_000,
      message: .dispatch(
        Dispatch(
          modelDigest: digest, latentCount: 3,
          items: [.init(block: 1000, tag: 1000, attempt: 0), .init(block: 1001, tag: 1001, attempt: 1)],
          packets: [.init(length: 42, onFailure: .redispatch), .init(length: 46, onFailure: .erasure)],
          bytes: BytePayload(goldenPackets)))),
    GoldenCase(
      name: "reply", listing: GoldenFrames.reply, requestID: 9,
      message: .reply(
        Reply(
          modelDigest: digest, outputCount: 2, queueDepth: 4, computeMicroseconds: 180,
          items: [
            .init(status: .ok, snrDB: 12.5, block: 1000, use: use(1, 0, [16, 144, 300, 75, 0, 0], airtime: 75.5e-6)),
            .init(
              status: .lost, snrDB: -7.25, block: 1001, use: use(1, 1, [16, 144, 300, 75, 61, 40], airtime: 75.5e-6)),
          ],
          reports: [ChannelReport(clock: .request, firstBlock: 1002, snrDB: [3.5, -20])],
          outputs: FloatPayload([2, -1, 0, 0])))),
    GoldenCase(
      name: "channel report", listing: GoldenFrames.channelReport, requestID: 11,
      message: .channelReport(ChannelReport(clock: .request, firstBlock: 64, snrDB: [30, -12.5, 0]))),
    GoldenCase(
      name: "channel report by the wall clock", listing: GoldenFrames.channelReportByWallClock,
      message: .channelReport(
        ChannelReport(clock: .wall, firstBlock: 99, snrDB: [17.25], remainingMicroseconds: 31_000))),
    GoldenCase(
      name: "subscribe", listing: GoldenFrames.subscribe, requestID: 11,
      message: .subscribe(ChannelSubscription(firstBlock: 64, count: 3))),
    GoldenCase(name: "cancel", listing: GoldenFrames.cancel, requestID: 5, message: .cancel),
    GoldenCase(name: "ping", listing: GoldenFrames.ping, message: .ping(Ping(token: 0x1122_3344_5566_7788))),
    GoldenCase(
      name: "pong", listing: GoldenFrames.pong, message: .pong(Pong(token: 0x1122_3344_5566_7788, queueDepth: 3))),
    GoldenCase(
      name: "goaway", listing: GoldenFrames.goaway,
      message: .goaway(Goaway(reason: .shutdown, graceMicroseconds: 5_000_000, message: "drain"))),
    GoldenCase(
      name: "error", listing: GoldenFrames.error, requestID: 5,
      message: .error(ProtocolError(.busy, "the queue of 256 is full", retryAfterMicroseconds: 15_000))),
    GoldenCase(
      name: "status request", listing: GoldenFrames.statusRequest, requestID: 12, message: .statusRequest),
    GoldenCase(
      name: "status", listing: GoldenFrames.status, requestID: 12,
      message: .status(
        Status(
          modelName: "lenet5", digest: digest, uptimeMicroseconds: 3_600_000_000, canServe: true,
          experts: [
            .init(
              expert: 0, state: .up, node: "expert-0", address: "127.0.0.1:7100", snrDB: 21, queue: 2, answered: 99,
              replyMicroseconds: 400),
            .init(
              expert: nil, state: .down, node: "", address: "[::1]:7101", snrDB: nil, queue: 0, reason: "refused"),
          ], counters: [.init(name: "requests", value: 1_234_567)],
          latencies: [.init(stage: "expert", count: 999, p50: 10, p90: 20, p99: 30, p999: 40, max: 50)]))),
    GoldenCase(name: "reload", listing: GoldenFrames.reload, requestID: 13, message: .reload),
    GoldenCase(
      name: "reloaded", listing: GoldenFrames.reloaded, requestID: 13,
      message: .reloaded(Reloaded(modelDigest: digest))),
    GoldenCase(
      name: "example: hello, client", listing: GoldenFrames.exampleClientHello,
      message: .hello(
        Hello(
          nodeID: "laptop", generation: 1, software: "doc", maximumFrameBytes: 1 << 20, maximumBatch: 64,
          detail: .client))),
    GoldenCase(
      name: "example: hello, base station", listing: GoldenFrames.exampleBaseStationHello,
      message: .hello(
        Hello(
          nodeID: "bs-0", generation: 7, software: "moe",
          detail: .baseStation(
            Hello.BaseStation(
              id: 0, modelName: "tiny", digest: digest, inputShape: ImageShape(channels: 1, height: 2, width: 3),
              classLabels: ["cat", "dog"], gate: "base", link: .analog))))),
    GoldenCase(
      name: "example: infer", listing: GoldenFrames.exampleInfer, requestID: 1, deadline: 500_000,
      message: .infer(
        Infer(
          count: 1, shape: ImageShape(channels: 1, height: 2, width: 3), blocks: .from(42),
          pixels: BytePayload([0, 51, 102, 153, 204, 255])))),
    GoldenCase(
      name: "example: result", listing: GoldenFrames.exampleResult, requestID: 1, message: .result(exampleResult)),
  ]

  private static func hello(_ nodeID: String, _ detail: Hello.Detail) -> Hello {
    Hello(nodeID: nodeID, generation: 0x0102_0304_0506_0708, software: "moe 1.0", detail: detail)
  }

  /// The bytes of two packets of three latents, side information and bits.
  private static var goldenPackets: [UInt8] {
    func bits(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: 7 * $0 + 5) } }
    // -1.5 to 2, Huffman; then 0.25 throughout, raw. Four bits are left over at the end of each.
    return [0, 0, 0xC0, 0xBF, 0, 0, 0, 0x40, 3, 0, 0, 0] + bits(29) + [0xD0]
      + [0, 0, 0x80, 0x3E, 0, 0, 0x80, 0x3E, 3, 0, 1, 0] + bits(33) + [0xE0]
  }

  /// - Parameter counts: the bits of values, codeword and code, symbols, wrong bits on air and in the codeword.
  private static func use(_ transmissions: Int, _ failures: Int, _ counts: [Int], airtime: Double) -> LinkUse {
    var use = LinkUse()
    use.transmissions = transmissions
    use.decodeFailures = failures
    use.valueBits = counts[0]
    use.informationBits = counts[1]
    use.codedBits = counts[2]
    use.symbols = counts[3]
    use.channelBitErrors = counts[4]
    use.informationBitErrors = counts[5]
    use.airtime = airtime
    return use
  }

  private static var result: InferenceResult {
    var result = InferenceResult(modelDigest: digest, link: .analog, gate: "channel-aware")
    result.appendClassified(
      classIndex: 8, probability: 0.75, block: 1000, use: use(4, 2, [3840, 2816, 5656, 1414, 73, 9], airtime: 1414e-6),
      experts: [
        .init(expert: 3, process: 19, node: "expert-3", weight: 0.625, tag: 1000, attempt: 0, snrDB: 12.5),
        .init(expert: 5, process: 21, node: nil, weight: 0.375, tag: 1000, attempt: 1, snrDB: nil, delivery: .erased),
      ])
    result.appendFailed(ProtocolError(.noExpert, "none is up", retryAfterMicroseconds: 2000))
    return result
  }

  private static var exampleResult: InferenceResult {
    var result = InferenceResult(modelDigest: digest, link: .analog, gate: "base")
    result.appendClassified(
      classIndex: 1, probability: 0.875, block: 42, use: use(1, 0, [0, 0, 0, 60, 0, 0], airtime: 60e-6),
      experts: [.init(expert: 3, process: 3, node: "expert-3", weight: 1, tag: 42, attempt: 0, snrDB: 17.5)])
    return result
  }

  private static var resultWithProbabilities: InferenceResult {
    var result = InferenceResult(
      modelDigest: digest, link: .ideal, gate: "base", classCount: 4,
      probabilities: FloatPayload([0.25, 0.125, 0.5, 0.125]))
    result.appendClassified(
      classIndex: 2, probability: 0.5, block: 42, use: use(1, 0, [0, 0, 0, 0, 0, 0], airtime: 0),
      experts: [.init(expert: 0, process: 0, node: "e", weight: 1, tag: 42, attempt: 0, snrDB: nil)])
    return result
  }
}

struct MessageTests {
  @Test(arguments: GoldenCase.all) func `a message is written as its golden bytes`(golden: GoldenCase) {
    let frame = golden.message.encode(requestID: golden.requestID, deadlineMicroseconds: golden.deadline)
    #expect(frame.bytes == bytes(ofListing: golden.listing))
  }

  @Test(arguments: GoldenCase.all) func `golden bytes are read as their message`(golden: GoldenCase) throws {
    let frame = try #require(try frames(bytes(ofListing: golden.listing)).first)
    #expect(frame.requestID == golden.requestID)
    #expect(frame.deadlineMicroseconds == golden.deadline)
    #expect(try Message(decoding: frame) == golden.message)
  }

  @Test func `every type of message has golden bytes`() {
    #expect(Set(GoldenCase.all.map(\.message.type)) == Set(MessageType.allCases))
  }

  @Test func `any message comes back as it was`() throws {
    var random = RandomMessages(seed: 1)
    for _ in 0..<20_000 {
      let message = random.message()
      let requestID = random.word()
      let sent = message.encode(requestID: requestID, deadlineMicroseconds: 77)
      let frame = try #require(try frames(sent.bytes).first)
      #expect(frame.header == sent.header)
      let received = try Message(decoding: frame)
      if received != message { Issue.record("\(message) became \(received)") }
    }
  }

  @Test func `bulk data starts at a multiple of 64 in the frame and in memory`() throws {
    let dispatch = Dispatch(
      modelDigest: digest, link: .analog, latentCount: 5, items: [.init(block: 1, tag: 1, attempt: 0)],
      latents: FloatPayload([1, 2, 3, 4, 5]))
    let frame = try #require(try frames(Message.dispatch(dispatch).encode(requestID: 1).bytes).first)
    #expect(frame.header.payloadOffset % 64 == 0)
    let received = try Dispatch(decoding: frame)
    guard case .values(let floats) = received.latents else { return #expect(Bool(false)) }
    floats.withUnsafeBufferPointer {
      #expect(Int(bitPattern: $0.baseAddress) % 64 == 0)
      #expect(Array($0) == [1, 2, 3, 4, 5])
    }
  }

  @Test func `floats written in place make the same frame as floats copied`() {
    let copied = Dispatch(
      modelDigest: digest, link: .analog, latentCount: 2, items: [.init(block: 1, tag: 2, attempt: 3)],
      latents: FloatPayload([0.5, -4]))
    let bare = Dispatch(modelDigest: digest, link: .analog, latentCount: 2, items: copied.items)
    let frame = bare.encode(requestID: 8, deadlineMicroseconds: 9) { (floats: UnsafeMutableBufferPointer<Float>) in
      floats[0] = 0.5
      floats[1] = -4
    }
    #expect(frame.bytes == Message.dispatch(copied).encode(requestID: 8, deadlineMicroseconds: 9).bytes)
  }

  @Test func `text too long for its field ends at a character and control characters become spaces`() throws {
    let message = String(repeating: "é", count: 600) + "\n"
    let sent = ProtocolError(.internalError, "line\nbreak " + message)
    let frame = try #require(try frames(Message.error(sent).encode(requestID: 0).bytes).first)
    guard case .error(let received) = try Message(decoding: frame) else { return #expect(Bool(false)) }
    #expect(received.message.utf8.count <= 1024)
    #expect(received.message.hasPrefix("line break éé"))
    #expect(received.message.hasSuffix("é"))
  }

  @Test func `an SNR beyond a thousand dB is sent as a thousand`() throws {
    let report = ChannelReport(clock: .request, firstBlock: 0, snrDB: [-.infinity, .infinity, .nan, 1])
    let frame = try #require(try frames(Message.channelReport(report).encode(requestID: 0).bytes).first)
    guard case .channelReport(let received) = try Message(decoding: frame) else { return #expect(Bool(false)) }
    #expect(received.snrDB == [-1000, 1000, -1000, 1])
  }

  @Test func `packets written in place make the same frame as packets copied, and come back as coded latents`() throws {
    let latents: [[Float]] = [[0, 1, -2.5, 7], [3, 3, 3, 3]]
    let codec = LatentCodec(table: .uniform, latentMean: [0, 0, 0, 0])
    let coded = try latents.map { try $0.withUnsafeBufferPointer { try codec.encode($0) } }
    let items = [Dispatch.Item(block: 1, tag: 2, attempt: 0), .init(block: 2, tag: 3, attempt: 0)]
    let packets = coded.map { Dispatch.Packet(length: $0.bytes.count, onFailure: .raw) }
    let copied = Dispatch(
      modelDigest: digest, latentCount: 4, items: items, packets: packets, bytes: BytePayload(coded.flatMap(\.bytes)))
    let bare = Dispatch(modelDigest: digest, latentCount: 4, items: items, packets: packets)
    let frame = bare.encode(requestID: 8) { (bytes: UnsafeMutableRawBufferPointer) in
      bytes.copyBytes(from: coded.flatMap(\.bytes))
    }
    #expect(frame.bytes == Message.dispatch(copied).encode(requestID: 8).bytes)
    let received = try Dispatch(decoding: #require(try frames(frame.bytes).first))
    #expect(try received.codedLatents() == coded)
  }

  @Test func `a link use too large for its fields is sent as their largest numbers`() throws {
    var use = LinkUse()
    use.transmissions = 1 << 40
    use.decodeFailures = 1 << 20
    use.codedBits = .max
    use.airtime = 1e300
    let reply = Reply(
      modelDigest: digest, outputCount: 1, queueDepth: 0, computeMicroseconds: 0,
      items: [.init(status: .ok, snrDB: nil, block: 0, use: use)], outputs: FloatPayload([0]))
    let frame = try #require(try frames(Message.reply(reply).encode(requestID: 1).bytes).first)
    let received = try Reply(decoding: frame).items[0].use
    #expect(received.transmissions == 65_535 && received.decodeFailures == 65_535)
    #expect(received.codedBits == Int(UInt32.max) && received.airtime.isFinite)
  }
}
