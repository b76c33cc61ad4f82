/// Which freed blocks wait for the next who asks for their size.
///
/// Blocks in use and waiting ones together are at most twice as much as has ever been in use at once, and those that wait at
/// most `capacity`. What is beyond that goes, first the blocks of the size that nobody has asked for the longest.
package struct KeptBlocks {
  private let capacity: Int
  package private(set) var bytesKept = 0
  private var bytesInUse = 0
  private var mostInUse = 0
  private var blocks: [Int: BlocksOfOneSize] = [:]
  private var requests: UInt64 = 0

  private struct BlocksOfOneSize {
    var addresses: [UInt] = []
    var lastRequest: UInt64 = 0

    mutating func take(at request: UInt64) -> UInt? {
      lastRequest = request
      return addresses.popLast()
    }
  }

  /// - Parameter capacity: bytes.
  package init(capacity: Int) { self.capacity = capacity }

  /// A block of `size` bytes for use; nil: the caller has to make it, after giving the `surplus` back to the system.
  package mutating func take(_ size: Int) -> (address: UInt?, surplus: [UInt]) {
    bytesInUse += size
    mostInUse = max(mostInUse, bytesInUse)
    requests += 1
    guard let address = blocks[size, default: BlocksOfOneSize()].take(at: requests) else {
      return (nil, removeSurplus())
    }
    bytesKept -= size
    return (address, [])
  }

  /// Keeps a block that was in use.
  ///
  /// - Returns: the blocks to give back to the system.
  package mutating func keep(_ address: UInt, _ size: Int) -> [UInt] {
    bytesInUse -= size
    bytesKept += size
    blocks[size, default: BlocksOfOneSize()].addresses.append(address)
    return removeSurplus()
  }

  private mutating func removeSurplus() -> [UInt] {
    var surplus: [UInt] = []
    while bytesKept > min(capacity, 2 * mostInUse - bytesInUse), let size = idlestSize {
      guard let address = blocks[size]?.addresses.popLast() else { break }
      surplus.append(address)
      bytesKept -= size
    }
    return surplus
  }

  private var idlestSize: Int? {
    blocks.lazy.filter { !$0.value.addresses.isEmpty }.min { $0.value.lastRequest < $1.value.lastRequest }?.key
  }
}
