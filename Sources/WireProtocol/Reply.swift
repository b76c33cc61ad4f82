package import Digests

/// An expert's answer to a ``Dispatch``.
package struct Reply: Equatable, Sendable {
  package enum Status: UInt8, Sendable, CaseIterable {
    case ok = 0
    /// The digital link lost the latent; nothing is wrong with the expert or the connection.
    case erased = 1
    /// The time was up before the expert came to it.
    case deadlineExceeded = 2
    /// The expert could not compute it.
    case failed = 3
  }

  package struct Item: Equatable, Sendable {
    package var status: Status
    /// Instantaneous, of the block that carried the latent; nil over an ideal link.
    package var snrDB: Float?
    /// The block that carried the latent.
    package var block: UInt64

    package init(status: Status, snrDB: Float?, block: UInt64) {
      self.status = status
      self.snrDB = snrDB
      self.block = block
    }
  }

  package var modelDigest: SHA256Digest
  package var outputCount: Int
  /// Dispatches that wait at this expert.
  package var queueDepth: UInt16
  package var computeMicroseconds: UInt32
  /// One a latent, in the dispatch's order.
  package var items: [Item]
  /// The newest states of the link, piggybacked.
  package var reports: [ChannelReport]
  /// `[items.count, outputCount]`; the row of an item that is not ok is zeros.
  package var outputs: FloatPayload

  package init(
    modelDigest: SHA256Digest, outputCount: Int, queueDepth: UInt16, computeMicroseconds: UInt32, items: [Item],
    reports: [ChannelReport] = [], outputs: FloatPayload = .empty
  ) {
    self.modelDigest = modelDigest
    self.outputCount = outputCount
    self.queueDepth = queueDepth
    self.computeMicroseconds = computeMicroseconds
    self.items = items
    self.reports = reports
    self.outputs = outputs
  }

  /// The frame, whose outputs, `[items.count, outputCount]`, `write` puts in place.
  package func encode(
    requestID: UInt64, writingOutputs write: (UnsafeMutableBufferPointer<Float>) -> Void
  ) -> FrameBuffer {
    encode(requestID: requestID, floatCount: items.count * outputCount, writingFloats: write)
  }
}
