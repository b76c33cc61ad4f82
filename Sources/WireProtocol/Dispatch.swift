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

  /// One coded latent among the bytes, and what to do if the air damages it beyond its code.
  package struct Packet: Equatable, Sendable {
    /// Bytes of the ``CodedLatent``.
    package var length: Int
    package var onFailure: DecodeFailurePolicy

    package init(length: Int, onFailure: DecodeFailurePolicy) {
      self.length = length
      self.onFailure = onFailure
    }
  }

  /// The latents before the radio link, which is the expert's to simulate.
  package enum Latents: Equatable, Sendable {
    /// Over an ideal or analog link, `[items.count, latentCount]`.
    case values(FloatPayload)
    /// Over a digital link: one packet an item, their bytes one after the other.
    case coded([Packet], BytePayload)
  }

  package var modelDigest: SHA256Digest
  package let link: LinkKind
  package var latentCount: Int
  package var items: [Item]
  package let latents: Latents

  /// Over an ideal or analog link.
  package init(
    modelDigest: SHA256Digest, link: LinkKind, latentCount: Int, items: [Item], latents: FloatPayload = .empty
  ) {
    precondition(link != .digital, "a digital link carries packets")
    self.modelDigest = modelDigest
    self.link = link
    self.latentCount = latentCount
    self.items = items
    self.latents = .values(latents)
  }

  /// Over a digital link.
  package init(
    modelDigest: SHA256Digest, latentCount: Int, items: [Item], packets: [Packet], bytes: BytePayload = .empty
  ) {
    precondition(packets.count == items.count, "\(packets.count) packets of \(items.count) items")
    self.modelDigest = modelDigest
    link = .digital
    self.latentCount = latentCount
    self.items = items
    latents = .coded(packets, bytes)
  }

  /// How many latents, of `latentCount` values each, surely fit a frame of so many bytes; over a digital link with the longest
  /// codes.
  package static func maximumCount(over link: LinkKind, latentCount: Int, frameBytes: Int) -> Int {
    let each =
      link == .digital
      ? packetBytes + CodedLatent.maximumLength(latentCount: latentCount) : MemoryLayout<Float>.size * latentCount
    return max(0, frameBytes - FrameHeader.byteCount - headBytes - (AlignedBytes.alignment - 1)) / (itemBytes + each)
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

  /// The frame, whose packets, one after the other, `write` puts in place.
  package func encode(
    requestID: UInt64, deadlineMicroseconds: UInt32 = 0, writingPackets write: (UnsafeMutableRawBufferPointer) -> Void
  ) -> FrameBuffer {
    frame(
      requestID: requestID, deadlineMicroseconds: deadlineMicroseconds, payloadLength: payloadLength,
      writingPayload: write)
  }
}
