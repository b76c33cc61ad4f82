/// What a decoder accepts, checked against a frame's header before anything is allocated.
package struct FrameLimits: Equatable, Sendable {
  /// The largest whole frame: header, fields, padding and payload.
  package var maximumFrameBytes: Int

  package init(maximumFrameBytes: Int) {
    precondition(maximumFrameBytes >= FrameHeader.byteCount, "a frame has at least its header")
    self.maximumFrameBytes = maximumFrameBytes
  }

  /// Until the other side has said HELLO: a HELLO with the class labels of a large model fits.
  package static let beforeHello = FrameLimits(maximumFrameBytes: 64 << 10)
  /// Afterwards, unless a node announces something else.
  package static let standard = FrameLimits(maximumFrameBytes: 16 << 20)
}
