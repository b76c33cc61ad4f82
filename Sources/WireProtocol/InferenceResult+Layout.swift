internal import Radio

// Fields:
//      | model digest 32 | link u8 | explained u8 | count u16 | class count u16 | gate text8 | outcomes... |
// Where it is explained, each outcome is followed by its explanation.
// Outcome, classified:
//      | 0 u8 | shares u8 | class u16 | probability f32 | block u64 | use 32 | shares... |
// Share:
//      | expert u16 | process u32 | weight f32 | tag u64 | attempt u32 | snr f32 | delivery u8 | node text8 |
// Outcome, failed:
//      | 1 u8 | error |
extension InferenceResult: WireMessage {
  static let type = MessageType.result
  static let maximumGateBytes = 32
  private static let smallestOutcome = 10

  private enum Kind: UInt8, CaseIterable { case classified, failed }

  var payloadLength: Int { 4 * outcomes.count * classCount }

  func writeFields(to sink: inout some FieldSink) {
    sink.digest(modelDigest)
    sink.integer(link.rawValue)
    precondition(
      explanations.isEmpty || explanations.count == outcomes.count,
      "result: \(explanations.count) explanations of \(outcomes.count) outcomes")
    sink.flag(!explanations.isEmpty)
    sink.count(outcomes.count, as: UInt16.self, of: "result: count")
    sink.count(classCount, as: UInt16.self, of: "result: class count")
    sink.text8(gate, atMost: Self.maximumGateBytes)
    for (index, outcome) in outcomes.enumerated() {
      switch outcome {
      case .classified(let classification):
        sink.integer(Kind.classified.rawValue)
        sink.count(classification.shares.count, as: UInt8.self, of: "result: shares")
        sink.integer(classification.classIndex)
        sink.float(classification.probability)
        sink.integer(classification.block)
        classification.use.write(to: &sink)
        for share in classification.shares { shares[share].write(to: &sink) }
      case .failed(let error):
        sink.integer(Kind.failed.rawValue)
        error.write(to: &sink)
      }
      if !explanations.isEmpty { explanations[index].write(to: &sink) }
    }
  }

  func writePayload(to bytes: UnsafeMutableRawBufferPointer) { probabilities.copy(to: bytes, "result: probabilities") }

  init(reading reader: inout FieldReader, from frame: FrameBuffer) throws(WireError) {
    let digest = try reader.digest("model digest")
    let link: LinkKind = try reader.enumeration("link")
    let isExplained = try reader.flag("explained")
    let count = try reader.count(
      "count", as: UInt16.self, in: 1...Int(UInt16.max), bytesEach: Self.smallestOutcome)
    let classCount = Int(try reader.integer("class count", as: UInt16.self))
    self.init(
      modelDigest: digest, link: link, gate: try reader.text8("gate", 0...Self.maximumGateBytes), capacity: count,
      classCount: classCount)
    for index in 0..<count {
      reader.index = index
      outcomes.append(try Self.outcome(reading: &reader, classCount: classCount, shares: &shares))
      if isExplained { explanations.append(try Explanation(reading: &reader)) }
    }
    reader.index = nil
    probabilities = try frame.floatPayload(count: count * classCount, "probabilities", reader)
  }

  private static func outcome(
    reading reader: inout FieldReader, classCount: Int, shares: inout [ExpertShare]
  ) throws(WireError) -> Outcome {
    switch try reader.enumeration("outcome", as: Kind.self) {
    case .failed:
      return .failed(try ProtocolError(reading: &reader))
    case .classified:
      let count = try reader.count("shares", as: UInt8.self, in: 0...255)
      let classIndex: UInt16 = try reader.integer("class")
      guard classCount == 0 || Int(classIndex) < classCount else {
        throw reader.error("class", expected: "less than \(classCount)", received: "\(classIndex)")
      }
      let probability = try reader.float("probability")
      let block: UInt64 = try reader.integer("block")
      let use = try LinkUse(reading: &reader)
      let first = shares.count
      for _ in 0..<count { shares.append(try ExpertShare(reading: &reader)) }
      return .classified(
        Classification(
          classIndex: classIndex, probability: probability, block: block, use: use, shares: first..<shares.count))
    }
  }
}

extension InferenceResult.ExpertShare {
  fileprivate func write(to sink: inout some FieldSink) {
    sink.integer(expert)
    sink.integer(process)
    sink.float(weight)
    sink.integer(tag)
    sink.integer(attempt)
    sink.snr(snrDB)
    sink.integer(delivery.rawValue)
    sink.text8(node ?? "", atMost: NodeID.maximumBytes)
  }

  fileprivate init(reading reader: inout FieldReader) throws(WireError) {
    expert = try reader.integer("share's expert")
    process = try reader.integer("share's process")
    weight = try reader.float("share's weight")
    tag = try reader.integer("share's tag")
    attempt = try reader.integer("share's attempt")
    snrDB = try reader.snr("share's snr")
    delivery = try reader.enumeration("share's delivery")
    let name = try reader.text8("share's node", 0...NodeID.maximumBytes)
    node = name.isEmpty ? nil : name
  }
}
