package import Digests

/// A client's wish to have images classified; answered by one ``InferenceResult`` or an error with the same request id.
package struct Infer: Equatable, Sendable {
  /// Which block of the links each image travels in.
  package enum Blocks: Equatable, Sendable {
    /// The base station counts.
    case unnamed
    /// Image i in block first + i, modulo 2⁶⁴.
    case from(UInt64)
    /// One block an image.
    case each([UInt64])
  }

  package var count: Int
  package var shape: InputShape
  package var blocks: Blocks
  /// Refuse (wrong model) unless the base station serves this one.
  package var modelDigest: SHA256Digest?
  /// Whether the result shall bring every class's probability.
  package var wantsProbabilities: Bool
  /// `[count, channels, height, width]`, planar RGB.
  package var pixels: BytePayload

  package init(
    count: Int, shape: InputShape, blocks: Blocks = .unnamed, modelDigest: SHA256Digest? = nil,
    wantsProbabilities: Bool = false, pixels: BytePayload = .empty
  ) {
    self.count = count
    self.shape = shape
    self.blocks = blocks
    self.modelDigest = modelDigest
    self.wantsProbabilities = wantsProbabilities
    self.pixels = pixels
  }

  /// The block of image `index`, where the client named it.
  package func block(ofImage index: Int) -> UInt64? {
    switch blocks {
    case .unnamed: nil
    case .from(let first): first &+ UInt64(index)
    case .each(let blocks): blocks[index]
    }
  }

  /// The frame, whose pixels `write` puts in place.
  package func encode(
    requestID: UInt64, deadlineMicroseconds: UInt32 = 0, writingPixels write: (UnsafeMutableRawBufferPointer) -> Void
  ) -> FrameBuffer {
    encode(
      requestID: requestID, deadlineMicroseconds: deadlineMicroseconds, payloadLength: count * shape.byteCount,
      writingPayload: write)
  }
}
