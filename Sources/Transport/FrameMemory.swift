import WireProtocol

/// Bounds what a listener's connections hold together for frames that have not come whole.
// @unchecked: touched on the io queue only.
final class FrameMemory: @unchecked Sendable {
  private let maximumBytes: Int
  private(set) var bytes = 0

  init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

  /// Notes that a connection holds `new` bytes in the place of `old`.
  ///
  /// - Returns: false if that is too much; who holds no more than what every frame may have at once is always borne.
  func change(from old: Int, to new: Int) -> Bool {
    bytes += new - old
    return new <= max(old, FrameDecoder.firstCapacity) || bytes <= maximumBytes
  }
}
