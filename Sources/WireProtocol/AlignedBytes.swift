internal import Glibc

/// A fixed piece of memory that starts on a 64-byte boundary, so that floats in it are used in place by vector kernels.
///
/// Whoever allocates it writes it before showing it to anybody else; while others hold it, it is only read.
// @unchecked: the address and the count never change, and the bytes are written only by the one owner that has not
// published the object yet (`FrameBuffer`'s and `FloatPayload`'s initialisers, `FrameDecoder` while a frame is partial) or
// is the only one who still holds it (`FrameBuffer.stamp`).
package final class AlignedBytes: @unchecked Sendable {
  package static let alignment = 64

  package let count: Int
  let start: UnsafeMutableRawPointer
  private let allocation: UnsafeMutableRawPointer

  /// Uninitialised memory of that size.
  package init(count: Int) {
    precondition(count >= 0, "a negative number of bytes: \(count)")
    self.count = count
    // malloc's cache of small blocks serves this; every aligned allocation goes round it.
    guard let allocation = malloc(count + Self.alignment) else { fatalError("no memory for \(count) bytes") }
    self.allocation = allocation
    start = allocation.alignedUp(toMultipleOf: Self.alignment)
  }

  deinit { free(allocation) }

  package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }
  var mutableBytes: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(start: start, count: count) }
}

extension AlignedBytes {
  package convenience init(copying bytes: [UInt8]) {
    self.init(count: bytes.count)
    mutableBytes.copyBytes(from: bytes)
  }
}
