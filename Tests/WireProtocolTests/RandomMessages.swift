import Datasets
import Digests
import Radio
import WireProtocol

/// Draws messages of every kind, whatever their fields allow.
struct RandomMessages {
  var generator: Generator

  init(seed: UInt64) { generator = Generator(state: seed) }

  mutating func message() -> Message {
    switch Int.random(in: 0..<16, using: &generator) {
    case 0: .hello(hello())
    case 1: .infer(infer())
    case 2: .result(result())
    case 3: .dispatch(dispatch())
    case 4: .reply(reply())
    case 5: .channelReport(report())
    case 6: .subscribe(ChannelSubscription(firstBlock: word(), count: UInt32(number(1...16_384))))
    case 7: .cancel
    case 8: .ping(Ping(token: word()))
    case 9: .pong(Pong(token: word(), queueDepth: bits()))
    case 10: .goaway(Goaway(reason: pick(Goaway.Reason.allCases), graceMicroseconds: bits(), message: text(0...255)))
    case 11: .error(error())
    case 12: .statusRequest
    case 13: .reload
    case 14: .reloaded(Reloaded(modelDigest: digest()))
    default: .status(status())
    }
  }

  mutating func hello() -> Hello {
    let detail: Hello.Detail =
      switch number(0...3) {
      case 0: .client
      case 1: .operator
      case 2:
        .expert(
          Hello.Expert(
            index: 3, expertCount: bits() | 8, linkProcess: bits(),
            digests: (0..<number(1...8)).map { _ in digest() }, clock: pick(LinkClock.allCases),
            coherenceMicroseconds: bits(), latentCount: bits() | 1, outputCount: bits() | 1))
      default:
        .baseStation(
          Hello.BaseStation(
            id: bits(), modelName: text(0...128), digest: digest(),
            inputShape: ImageShape(channels: number(1...65535), height: number(1...65535), width: number(1...65535)),
            classLabels: (0..<number(0...100)).map { _ in text(0...20) }, gate: text(0...32),
            link: pick(LinkKind.allCases)))
      }
    return Hello(
      versions: ProtocolVersions(minimum: 1, maximum: bits() | 1), nodeID: nodeID(), generation: word(),
      software: text(0...64), maximumFrameBytes: bits() | 4096, maximumBatch: bits() | 1, detail: detail)
  }

  mutating func infer() -> Infer {
    let count = number(1...9)
    let shape = ImageShape(
      channels: number(1...3), height: number(1...9), width: number(1...9))
    let blocks: Infer.Blocks =
      switch number(0...2) {
      case 0: .unnamed
      case 1: .from(word())
      default: .each((0..<count).map { _ in word() })
      }
    return Infer(
      count: count, shape: shape, blocks: blocks, modelDigest: flip() ? digest() : nil, wantsProbabilities: flip(),
      wantsExplanations: flip(), pixels: BytePayload((0..<count * shape.count).map { _ in bits() as UInt8 }))
  }

  mutating func result() -> InferenceResult {
    let count = number(1...9)
    let classCount = flip() ? number(1...12) : 0
    var result = InferenceResult(
      modelDigest: digest(), link: pick(LinkKind.allCases), gate: text(0...32), classCount: classCount,
      probabilities: floats(count * classCount))
    for _ in 0..<count {
      if number(0...3) == 0 {
        result.appendFailed(error())
      } else {
        let shares = (0..<number(0...4)).map { _ in
          InferenceResult.ExpertShare(
            expert: bits(), process: bits(), node: flip() ? nodeID() : nil, weight: float(), tag: word(),
            attempt: bits(), snrDB: snr(), delivery: pick(Delivery.allCases))
        }
        result.appendClassified(
          classIndex: classCount == 0 ? bits() : UInt16(number(0...classCount - 1)), probability: float(),
          block: word(), use: use(), experts: shares)
      }
    }
    if flip() { result.explanations = (0..<count).map { _ in explanation() } }
    return result
  }

  private mutating func explanation() -> Explanation {
    Explanation(
      waitingMicroseconds: bits(), computingMicroseconds: bits(), answeringMicroseconds: bits(),
      candidates: (0..<number(0...9)).map { _ in
        Explanation.Candidate(link: pick(Explanation.LinkKnowledge.allCases), weight: float(), snrDB: snr())
      })
  }

  mutating func dispatch() -> Dispatch {
    let items = (0..<number(1...9)).map { _ in Dispatch.Item(block: word(), tag: word(), attempt: bits()) }
    let latentCount = number(1...130)
    if flip() {
      let lengths =
        CodedLatent.minimumLength(latentCount: latentCount)...CodedLatent.maximumLength(latentCount: latentCount)
      let packets = items.map { _ in
        Dispatch.Packet(length: number(lengths), onFailure: pick(DecodeFailurePolicy.allCases))
      }
      let total = packets.reduce(0) { $0 + $1.length }
      return Dispatch(
        modelDigest: digest(), latentCount: latentCount, items: items, packets: packets,
        bytes: BytePayload((0..<total).map { _ in bits() as UInt8 }))
    }
    return Dispatch(
      modelDigest: digest(), link: flip() ? .analog : .ideal, latentCount: latentCount, items: items,
      latents: floats(items.count * latentCount))
  }

  private mutating func use() -> LinkUse {
    var use = LinkUse()
    use.transmissions = number(0...65_535)
    use.decodeFailures = number(0...use.transmissions)
    use.valueBits = number(0...Int(UInt32.max))
    use.informationBits = number(0...Int(UInt32.max))
    use.codedBits = number(0...Int(UInt32.max))
    use.symbols = number(0...Int(UInt32.max))
    use.channelBitErrors = number(0...Int(UInt32.max))
    use.informationBitErrors = number(0...Int(UInt32.max))
    use.airtime = Double(Float.random(in: 0...1e9, using: &generator)) / 1e6
    return use
  }

  mutating func reply() -> Reply {
    let items = (0..<number(1...9)).map { _ in
      Reply.Item(status: pick(Reply.Status.allCases), snrDB: snr(), block: word(), use: use())
    }
    let outputCount = number(1...20)
    return Reply(
      modelDigest: digest(), outputCount: outputCount, queueDepth: bits(), computeMicroseconds: bits(), items: items,
      reports: (0..<number(0...2)).map { _ in report() }, outputs: floats(items.count * outputCount))
  }

  mutating func report() -> ChannelReport {
    let clock = pick(LinkClock.allCases)
    let count = clock == .wall ? 1 : number(1...40)
    return ChannelReport(
      clock: clock, firstBlock: word(), snrDB: (0..<count).map { _ in Float.random(in: -999...999, using: &generator) },
      remainingMicroseconds: bits())
  }

  mutating func error() -> ProtocolError {
    ProtocolError(
      pick(ErrorCode.allCases), text(0...200), isRetryable: flip(), retryAfterMicroseconds: bits())
  }

  mutating func status() -> Status {
    Status(
      modelName: text(0...128), digest: digest(), uptimeMicroseconds: word(), canServe: flip(),
      experts: (0..<number(0...9)).map { _ in
        Status.Expert(
          expert: flip() ? UInt16(number(0...65_534)) : nil, state: pick(Status.ExpertState.allCases),
          node: flip() ? nodeID() : "",
          address: text(0...60), snrDB: snr(), queue: bits(), answered: word(), replyMicroseconds: bits(),
          reason: text(0...60))
      }, counters: (0..<number(0...9)).map { _ in Status.Counter(name: "c" + text(0...20), value: word()) },
      latencies: (0..<number(0...4)).map { _ in
        Status.Latency(
          stage: "s" + text(0...20), count: word(), p50: bits(), p90: bits(), p99: bits(), p999: bits(), max: bits())
      })
  }

  mutating func word() -> UInt64 { generator.next() }
  private mutating func bits<Value: FixedWidthInteger>() -> Value { Value(truncatingIfNeeded: generator.next()) }
  private mutating func flip() -> Bool { Bool.random(using: &generator) }
  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
  private mutating func pick<Value>(_ values: [Value]) -> Value { values[number(0...values.count - 1)] }

  private mutating func digest() -> SHA256Digest { SHA256Digest.of((0..<8).map { _ in bits() as UInt8 }) }

  /// Any finite float, also negative zero and subnormals.
  private mutating func float() -> Float {
    while true {
      let value = Float(bitPattern: bits())
      if value.isFinite { return value }
    }
  }

  private mutating func floats(_ count: Int) -> FloatPayload { FloatPayload((0..<count).map { _ in float() }) }
  private mutating func snr() -> Float? { flip() ? Float.random(in: -1000...1000, using: &generator) : nil }

  private mutating func nodeID() -> String {
    String(decoding: (0..<number(1...64)).map { _ in UInt8(number(0x21...0x7E)) }, as: UTF8.self)
  }

  /// At most so many bytes of UTF-8, some of it of several bytes a character.
  private mutating func text(_ byteRange: ClosedRange<Int>) -> String {
    let goal = number(byteRange)
    var text = ""
    while true {
      let character = pick(["a", "Z", "0", " ", "é", "ß", "学", "🛩", "-"])
      if text.utf8.count + character.utf8.count > goal { return text }
      text += character
    }
  }
}
