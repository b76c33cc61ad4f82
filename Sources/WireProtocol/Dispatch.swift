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
    encode(
      requestID: requestID, deadlineMicroseconds: deadlineMicroseconds, floatCount: items.count * latentCount,
      writingFloats: write)
  }
}
