/// The memory behind tensors: aligned floats of its own, or floats inside somebody else's buffer.
///
/// Sendable without checking because a storage is written only through `Tensor`, which does so only while it holds the
/// sole reference; a shared storage is never written again.
final class TensorStorage: @unchecked Sendable {
  /// Cache lines and AVX-512 vectors are 64 bytes.
  static let alignment = 64

  let base: UnsafeMutablePointer<Float>
  private let owner: AnyObject?

  /// Uninitialised memory for `count` floats.
  init(uninitialized count: Int) {
    precondition(count >= 0, "a tensor cannot hold \(count) elements")
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    base = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: Self.alignment).assumingMemoryBound(
      to: Float.self)
    owner = nil
  }

  /// Floats that `owner` keeps alive and never changes.
  init(viewing base: UnsafePointer<Float>, owner: AnyObject) {
    self.base = UnsafeMutablePointer(mutating: base)
    self.owner = owner
  }

  /// Floats of somebody else may be read, never written.
  var isWritable: Bool { owner == nil }

  deinit {
    if owner == nil { UnsafeMutableRawPointer(base).deallocate() }
  }
}
