package import Digests
package import Radio

/// An expert's answer to a ``Dispatch``.
package struct Reply: Equatable, Sendable {
  package enum Status: UInt8, Sendable, CaseIterable {
    /// The output is of the latent that the link delivered.
    case ok = 0
    /// The digital link lost the latent, and there is no output; nothing is wrong with the expert or the connection.
    case lost = 1
    /// The time was up before the expert came to it.
    case deadlineExceeded = 2
    /// The expert could not compute it.
    case failed = 3
    /// The digital link lost the latent; the output is of the training mean.
    case erased = 4
    /// The digital link lost the latent; the output is of what came.
    case damaged = 5

    /// What the output is of; nil where there is none.
    package var delivery: Delivery? {
      switch self {
      case .ok: .intact
      case .erased: .erased
      case .damaged: .damaged
      case .lost, .deadlineExceeded, .failed: nil
      }
    }

    /// - Parameter delivery: nil where the expert has nothing to compute from.
    package init(_ delivery: Delivery?) {
      self =
        switch delivery {
        case .intact: .ok
        case .erased: .erased
        case .damaged: .damaged
        case nil: .lost
        }
    }
  }

  package struct Item: Equatable, Sendable {
    package var status: Status
    /// Instantaneous, of the block that carried the latent; nil over an ideal link.
    package var snrDB: Float?
    /// The block that carried the latent.
    package var block: UInt64
    /// What it took of the link.
    package var use: LinkUse

    package init(status: Status, snrDB: Float?, block: UInt64, use: LinkUse = LinkUse()) {
      self.status = status
      self.snrDB = snrDB
      self.block = block
      self.use = use
    }
  }

  package var modelDigest: SHA256Digest
  package var outputCount: Int
  /// Latents that wait at this expert.
  package var queueDepth: UInt16
  package var computeMicroseconds: UInt32
  /// One a latent, in the dispatch's order.
  package var items: [Item]
  /// The newest states of the link, piggybacked.
  package var reports: [ChannelReport]
  /// `[items.count, outputCount]`; the row of an item without an output is zeros.
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
    frame(requestID: requestID, floatCount: items.count * outputCount, writingFloats: write)
  }
}

// Fields:
//      | model digest 32 | count u16 | queue depth u16 | compute µs u32 | output count u32 | reports u8 | items... |
//      | reports... |
// Item:
//      | status u8 | snr f32 | block u64 | use 32 |
// Report: as the fields of a channel report.
extension Reply: WireMessage {
  static let type = MessageType.reply
  private static let itemBytes = 13 + LinkUse.byteCount

  var payloadLength: Int { 4 * items.count * outputCount }

  func writeFields(to sink: inout some FieldSink) {
    sink.digest(modelDigest)
    sink.count(items.count, as: UInt16.self, of: "reply: count")
    sink.integer(queueDepth)
    sink.integer(computeMicroseconds)
    sink.count(outputCount, as: UInt32.self, of: "reply: output count")
    sink.count(reports.count, as: UInt8.self, of: "reply: reports")
    for item in items {
      sink.integer(item.status.rawValue)
      sink.snr(item.snrDB)
      sink.integer(item.block)
      item.use.write(to: &sink)
    }
    for report in reports { report.writeFields(to: &sink) }
  }

  func writePayload(to bytes: UnsafeMutableRawBufferPointer) { outputs.copy(to: bytes, "reply: outputs") }

  init(reading reader: inout FieldReader, from frame: FrameBuffer) throws(WireError) {
    modelDigest = try reader.digest("model digest")
    let count = try reader.count("count", as: UInt16.self, in: 1...Int(UInt16.max), bytesEach: Self.itemBytes)
    queueDepth = try reader.integer("queue depth")
    computeMicroseconds = try reader.integer("compute time")
    outputCount = try reader.count("output count", as: UInt32.self, in: 1...Int(UInt32.max))
    let reportCount = try reader.count("reports", as: UInt8.self, in: 0...255)
    try reader.require(count, elementsOf: Self.itemBytes, "items")
    items = []
    items.reserveCapacity(count)
    for index in 0..<count {
      reader.index = index
      items.append(
        Item(
          status: try reader.enumeration("item's status"), snrDB: try reader.snr("item's snr"),
          block: try reader.integer("item's block"), use: try LinkUse(reading: &reader)))
    }
    reports = []
    for index in 0..<reportCount {
      reader.index = index
      reports.append(try ChannelReport(reading: &reader, from: frame))
    }
    reader.index = nil
    outputs = try frame.floatPayload(count: count * outputCount, "outputs", reader)
  }
}
