package import Digests
package import Radio

/// Latents from the base station to one expert; answered by one ``Reply`` or an error with the same request id.
package struct Dispatch: Equatable, Sendable {
  /// What keys the randomness of one latent's way over the air.
  package struct Item: Equatable, Sendable {
    package var block: UInt64
    package var tag: UInt64
    package var attempt: UInt32

    package init(block: UInt64, tag: UInt64, attempt: UInt32) {
      self.block = block
      self.tag = tag
      self.attempt = attempt
    }
  }

  package var modelDigest: SHA256Digest
  package var link: LinkKind
  package var latentCount: Int
  package var items: [Item]
  /// `[items.count, latentCount]`, before the radio link, which is the expert's to simulate.
  package var latents: FloatPayload

  package init(
    modelDigest: SHA256Digest, link: LinkKind, latentCount: Int, items: [Item], latents: FloatPayload = .empty
  ) {
    self.modelDigest = modelDigest
    self.link = link
    self.latentCount = latentCount
    self.items = items
    self.latents = latents
  }

  /// The frame, whose latents, `[items.count, latentCount]`, `write` puts in place.
  package func encode(
    requestID: UInt64, deadlineMicroseconds: UInt32 = 0,
    writingLatents write: (UnsafeMutableBufferPointer<Float>) -> Void
  ) -> FrameBuffer {
    frame(
      requestID: requestID, deadlineMicroseconds: deadlineMicroseconds, floatCount: items.count * latentCount,
      writingFloats: write)
  }
}

// Fields:
//      | model digest 32 | link u8 | reserved u8 | count u16 | latent count u32 | items... |
// Item:
//      | block u64 | tag u64 | attempt u32 |
extension Dispatch: WireMessage {
  static let type = MessageType.dispatch
  static let countOffset = SHA256Digest.byteCount + 2
  private static let itemBytes = 20

  var payloadLength: Int { 4 * items.count * latentCount }

  func writeFields(to sink: inout some FieldSink) {
    sink.digest(modelDigest)
    sink.integer(link.rawValue)
    sink.integer(0 as UInt8)
    sink.count(items.count, as: UInt16.self, of: "dispatch: count")
    sink.count(latentCount, as: UInt32.self, of: "dispatch: latent count")
    for item in items {
      sink.integer(item.block)
      sink.integer(item.tag)
      sink.integer(item.attempt)
    }
  }

  func writePayload(to bytes: UnsafeMutableRawBufferPointer) { latents.copy(to: bytes, "dispatch: latents") }

  init(reading reader: inout FieldReader, from frame: FrameBuffer) throws(WireError) {
    modelDigest = try reader.digest("model digest")
    link = try reader.enumeration("link")
    try reader.reserved(UInt8.self)
    let count = try reader.count("count", as: UInt16.self, in: 1...Int(UInt16.max))
    latentCount = try reader.count("latent count", as: UInt32.self, in: 1...Int(UInt32.max))
    try reader.require(count, elementsOf: Self.itemBytes, "items")
    items = []
    items.reserveCapacity(count)
    for index in 0..<count {
      reader.index = index
      items.append(
        Item(
          block: try reader.integer("item's block"), tag: try reader.integer("item's tag"),
          attempt: try reader.integer("item's attempt")))
    }
    reader.index = nil
    latents = try frame.floatPayload(count: count * latentCount, "latents", reader)
  }
}
