// Fields:
//      | digest 32 | uptime µs u64 | can serve u8 | reserved u8 | experts u16 | counters u16 | model name text8 |
//      | experts... | counters... |
// Expert:
//      | expert u16 | state u8 | snr f32 | queue u32 | node text8 | address text8 | reason text8 |
// Counter:
//      | value u64 | name text8 |
extension Status: WireMessage {
  static let type = MessageType.status
  /// The index of an expert that has never told.
  fileprivate static let noExpert = UInt16.max
  private static let smallestExpert = 14
  private static let smallestCounter = 9
  private static let maximumCounterNameBytes = 64

  func writeFields(to sink: inout some FieldSink) {
    sink.digest(digest)
    sink.integer(uptimeMicroseconds)
    sink.flag(canServe)
    sink.integer(0 as UInt8)
    sink.count(experts.count, as: UInt16.self, of: "status: experts")
    sink.count(counters.count, as: UInt16.self, of: "status: counters")
    sink.text8(modelName, atMost: Hello.BaseStation.maximumModelNameBytes)
    for expert in experts {
      sink.integer(expert.expert ?? Self.noExpert)
      sink.integer(expert.state.rawValue)
      sink.snr(expert.snrDB)
      sink.integer(expert.queue)
      sink.text8(expert.node, atMost: NodeID.maximumBytes)
      sink.text8(expert.address)
      sink.text8(expert.reason)
    }
    for counter in counters {
      sink.integer(counter.value)
      sink.text8(counter.name, atMost: Self.maximumCounterNameBytes)
    }
  }

  init(reading reader: inout FieldReader, from frame: FrameBuffer) throws(WireError) {
    digest = try reader.digest("digest")
    uptimeMicroseconds = try reader.integer("uptime")
    canServe = try reader.flag("can serve")
    try reader.reserved(UInt8.self)
    let expertCount = try reader.count(
      "experts", as: UInt16.self, in: 0...Int(UInt16.max), bytesEach: Self.smallestExpert)
    let counterCount = try reader.count(
      "counters", as: UInt16.self, in: 0...Int(UInt16.max), bytesEach: Self.smallestCounter)
    modelName = try reader.text8("model name", 0...Hello.BaseStation.maximumModelNameBytes)
    experts = []
    experts.reserveCapacity(expertCount)
    for index in 0..<expertCount {
      reader.index = index
      experts.append(try Expert(reading: &reader))
    }
    counters = []
    counters.reserveCapacity(counterCount)
    for index in 0..<counterCount {
      reader.index = index
      let value: UInt64 = try reader.integer("counter's value")
      counters.append(
        Counter(name: try reader.text8("counter's name", 1...Self.maximumCounterNameBytes), value: value))
    }
    reader.index = nil
  }
}

extension Status.Expert {
  fileprivate init(reading reader: inout FieldReader) throws(WireError) {
    let index: UInt16 = try reader.integer("expert")
    expert = index == Status.noExpert ? nil : index
    state = try reader.enumeration("expert's state")
    snrDB = try reader.snr("expert's snr")
    queue = try reader.integer("expert's queue")
    node = try reader.text8("expert's node", 0...NodeID.maximumBytes)
    address = try reader.text8("expert's address", 0...255)
    reason = try reader.text8("expert's reason", 0...255)
  }
}
