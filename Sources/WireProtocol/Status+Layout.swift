// Fields:
//      | digest 32 | uptime µs u64 | can serve u8 | reserved u8 | experts u16 | counters u16 | latencies u16 |
//      | model name text8 | experts... | counters... | latencies... |
// Expert:
//      | expert u16 | state u8 | snr f32 | queue u32 | answered u64 | reply µs u32 | node text8 | address text8 |
//      | reason text8 |
// Counter:
//      | value u64 | name text8 |
// Latency:
//      | count u64 | p50 µs u32 | p90 µs u32 | p99 µs u32 | p99.9 µs u32 | max µs u32 | stage text8 |
extension Status: WireMessage {
  static let type = MessageType.status
  /// The index of an expert that has never told.
  fileprivate static let noExpert = UInt16.max
  private static let smallestExpert = 26
  private static let smallestCounter = 9
  private static let smallestLatency = 29
  fileprivate static let maximumNameBytes = 64

  func writeFields(to sink: inout some FieldSink) {
    sink.digest(digest)
    sink.integer(uptimeMicroseconds)
    sink.flag(canServe)
    sink.integer(0 as UInt8)
    sink.count(experts.count, as: UInt16.self, of: "status: experts")
    sink.count(counters.count, as: UInt16.self, of: "status: counters")
    sink.count(latencies.count, as: UInt16.self, of: "status: latencies")
    sink.text8(modelName, atMost: Hello.BaseStation.maximumModelNameBytes)
    for expert in experts {
      sink.integer(expert.expert ?? Self.noExpert)
      sink.integer(expert.state.rawValue)
      sink.snr(expert.snrDB)
      sink.integer(expert.queue)
      sink.integer(expert.answered)
      sink.integer(expert.replyMicroseconds)
      sink.text8(expert.node, atMost: NodeID.maximumBytes)
      sink.text8(expert.address)
      sink.text8(expert.reason)
    }
    for counter in counters {
      sink.integer(counter.value)
      sink.text8(counter.name, atMost: Self.maximumNameBytes)
    }
    for latency in latencies {
      sink.integer(latency.count)
      for microseconds in [latency.p50, latency.p90, latency.p99, latency.p999, latency.max] {
        sink.integer(microseconds)
      }
      sink.text8(latency.stage, atMost: Self.maximumNameBytes)
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
    let latencyCount = try reader.count(
      "latencies", as: UInt16.self, in: 0...Int(UInt16.max), bytesEach: Self.smallestLatency)
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
        Counter(name: try reader.text8("counter's name", 1...Self.maximumNameBytes), value: value))
    }
    latencies = []
    latencies.reserveCapacity(latencyCount)
    for index in 0..<latencyCount {
      reader.index = index
      latencies.append(try Latency(reading: &reader))
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
    answered = try reader.integer("expert's answers")
    replyMicroseconds = try reader.integer("expert's reply time")
    node = try reader.text8("expert's node", 0...NodeID.maximumBytes)
    address = try reader.text8("expert's address", 0...255)
    reason = try reader.text8("expert's reason", 0...255)
  }
}

extension Status.Latency {
  fileprivate init(reading reader: inout FieldReader) throws(WireError) {
    count = try reader.integer("latency's count")
    p50 = try reader.integer("latency's p50")
    p90 = try reader.integer("latency's p90")
    p99 = try reader.integer("latency's p99")
    p999 = try reader.integer("latency's p99.9")
    max = try reader.integer("latency's maximum")
    stage = try reader.text8("latency's stage", 1...Status.maximumNameBytes)
  }
}
