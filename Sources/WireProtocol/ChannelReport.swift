package import Radio

/// The state of an expert's link, block by block.
package struct ChannelReport: Equatable, Sendable {
  package var clock: LinkClock
  package var firstBlock: UInt64
  /// Instantaneous SNR of the blocks from ``firstBlock`` on; exactly one by the wall clock.
  package var snrDB: [Float]
  /// What is left of the block by the wall clock; 0 by the request clock.
  package var remainingMicroseconds: UInt32

  package init(clock: LinkClock, firstBlock: UInt64, snrDB: [Float], remainingMicroseconds: UInt32 = 0) {
    self.clock = clock
    self.firstBlock = firstBlock
    self.snrDB = snrDB
    self.remainingMicroseconds = remainingMicroseconds
  }
}

/// Asks an expert for a window of its link's blocks; answered by one ``ChannelReport`` with the same request id.
package struct ChannelSubscription: Equatable, Sendable {
  package static let maximumBlocks = 16_384

  package var firstBlock: UInt64
  package var count: UInt32

  package init(firstBlock: UInt64, count: UInt32) {
    self.firstBlock = firstBlock
    self.count = count
  }
}

// Fields:
//      | clock u8 | reserved u8 | count u16 | remaining µs u32 | first block u64 | snr f32... |
extension ChannelReport: WireMessage {
  static let type = MessageType.channelReport

  func writeFields(to sink: inout some FieldSink) {
    sink.integer(clock.rawValue)
    sink.integer(0 as UInt8)
    precondition(
      (1...ChannelSubscription.maximumBlocks).contains(snrDB.count), "channel report: \(snrDB.count) blocks")
    sink.integer(UInt16(snrDB.count))
    sink.integer(remainingMicroseconds)
    sink.integer(firstBlock)
    // A state that is no number at all is as bad as a state can be.
    for snr in snrDB { sink.snr(snr.isNaN ? -SNRField.bound : snr) }
  }

  init(reading reader: inout FieldReader, from frame: FrameBuffer) throws(WireError) {
    clock = try reader.enumeration("report's clock")
    try reader.reserved(UInt8.self, "report's reserved byte")
    let longest = clock == .wall ? 1 : ChannelSubscription.maximumBlocks
    let count = try reader.count("report's count", as: UInt16.self, in: 1...longest)
    remainingMicroseconds = try reader.integer("report's remaining time")
    firstBlock = try reader.integer("report's first block")
    try reader.require(count, elementsOf: 4, "report's snr")
    snrDB = []
    snrDB.reserveCapacity(count)
    for _ in 0..<count { snrDB.append(try reader.float("report's snr")) }
  }
}

// Fields:
//      | first block u64 | count u32 |
extension ChannelSubscription: WireMessage {
  static let type = MessageType.subscribe

  func writeFields(to sink: inout some FieldSink) {
    sink.integer(firstBlock)
    sink.integer(count)
  }

  init(reading reader: inout FieldReader, from frame: FrameBuffer) throws(WireError) {
    firstBlock = try reader.integer("first block")
    count = UInt32(try reader.count("count", as: UInt32.self, in: 1...Self.maximumBlocks))
  }
}
