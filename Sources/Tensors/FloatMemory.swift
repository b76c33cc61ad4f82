import Foundation
import Synchronization

/// Aligned memory for floats.
///
/// Large blocks are kept when they are freed. A training step asks for the same sizes again and again, and fresh memory
/// from the kernel costs more than most operations on it: a page fault for every 4 KB.
enum FloatMemory {
  /// Cache lines and AVX-512 vectors are 64 bytes.
  static let alignment = 64
  /// Below this size `malloc` is as fast.
  private static let smallestKept = 4 << 10
  /// Freed blocks beyond this total go back to the system: a quarter of the machine's memory, which a process reaches only if
  /// it has used as much.
  private static let capacity = sysconf(Int32(_SC_PHYS_PAGES)) / 4 * sysconf(Int32(_SC_PAGESIZE))

  static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
    let size = byteCount(for: count)
    return (take(size) ?? UnsafeMutableRawPointer.allocate(byteCount: size, alignment: alignment))
      .assumingMemoryBound(to: Float.self)
  }

  /// - Parameter count: as it was asked for.
  static func free(_ pointer: UnsafeMutablePointer<Float>, count: Int) {
    let size = byteCount(for: count)
    if !keep(UnsafeMutableRawPointer(pointer), size) { pointer.deallocate() }
  }

  /// Large blocks come in sizes of four significant bits, so that batches of slightly different lengths share them.
  private static func byteCount(for count: Int) -> Int {
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    guard bytes >= smallestKept else { return bytes }
    let unit = 1 << (Int.bitWidth - 4 - bytes.leadingZeroBitCount)
    return (bytes + unit - 1) / unit * unit
  }

  /// Addresses, because pointers are not Sendable.
  private struct Kept {
    var blocks: [Int: [UInt]] = [:]
    var total = 0
  }
  private static let kept = Mutex(Kept())

  private static func take(_ size: Int) -> UnsafeMutableRawPointer? {
    guard size >= smallestKept else { return nil }
    let address = kept.withLock { kept -> UInt? in
      guard let address = kept.blocks[size]?.popLast() else { return nil }
      kept.total -= size
      return address
    }
    return address.flatMap { UnsafeMutableRawPointer(bitPattern: $0) }
  }

  private static func keep(_ block: UnsafeMutableRawPointer, _ size: Int) -> Bool {
    guard size >= smallestKept else { return false }
    let address = UInt(bitPattern: block)
    return kept.withLock { kept in
      guard kept.total + size <= capacity else { return false }
      kept.blocks[size, default: []].append(address)
      kept.total += size
      return true
    }
  }
}
