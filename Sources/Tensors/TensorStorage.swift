/// The memory behind tensors: floats of its own, or floats inside somebody else's buffer.
///
/// Sendable without checking because a storage is written only through `Tensor`, which does so only while it holds the
/// sole reference; a shared storage is never written again.
final class TensorStorage: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  private let memory: Memory

  private enum Memory {
    case owned(count: Int)
    case viewed(owner: AnyObject)
  }

  /// Uninitialised memory for `count` floats.
  init(uninitialized count: Int) {
    base = FloatMemory.allocate(count)
    memory = .owned(count: count)
  }

  /// Floats that `owner` keeps alive and never changes.
  init(viewing base: UnsafePointer<Float>, owner: AnyObject) {
    self.base = UnsafeMutablePointer(mutating: base)
    memory = .viewed(owner: owner)
  }

  /// Floats of somebody else may be read, never written.
  var isWritable: Bool {
    if case .owned = memory { true } else { false }
  }

  deinit {
    if case .owned(let count) = memory { FloatMemory.free(base, count: count) }
  }
}
