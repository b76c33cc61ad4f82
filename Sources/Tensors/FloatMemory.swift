import Foundation
import Synchronization

/// Aligned memory for floats.
///
/// Large blocks are kept when they are freed. A training step asks for the same sizes again and again, and fresh memory
/// from the kernel costs more than most operations on it: a page fault for every 4 KB. ``KeptBlocks`` says how long.
enum FloatMemory {
  /// Cache lines and AVX-512 vectors are 64 bytes.
  static let alignment = 64
  /// Below this size `malloc` is as fast.
  private static let smallestKept = 4 << 10
  /// A quarter of what the process may have is kept at most.
  private static let kept = Mutex(
    KeptBlocks(
      capacity: MemoryLimit.bytes(ofMachine: sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))) / 4))

  static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
    let size = byteCount(for: count)
    return (take(size) ?? UnsafeMutableRawPointer.allocate(byteCount: size, alignment: alignment))
      .assumingMemoryBound(to: Float.self)
  }

  /// - Parameter count: as it was asked for.
  static func free(_ pointer: UnsafeMutablePointer<Float>, count: Int) {
    let size = byteCount(for: count)
    guard size >= smallestKept else { return pointer.deallocate() }
    giveBack(kept.withLock { $0.keep(UInt(bitPattern: pointer), size) })
  }

  /// Large blocks come in sizes of four significant bits, so that batches of slightly different lengths share them.
  private static func byteCount(for count: Int) -> Int {
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    guard bytes >= smallestKept else { return bytes }
    let unit = 1 << (Int.bitWidth - 4 - bytes.leadingZeroBitCount)
    return (bytes + unit - 1) / unit * unit
  }

  private static func take(_ size: Int) -> UnsafeMutableRawPointer? {
    guard size >= smallestKept else { return nil }
    let (address, surplus) = kept.withLock { $0.take(size) }
    giveBack(surplus)
    return address.flatMap { UnsafeMutableRawPointer(bitPattern: $0) }
  }

  private static func giveBack(_ addresses: [UInt]) {
    for address in addresses { UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
  }
}
