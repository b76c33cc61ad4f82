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
