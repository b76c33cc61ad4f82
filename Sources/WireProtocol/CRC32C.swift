internal import CCRC32C

/// The Castagnoli CRC that guards every frame (RFC 3720, section 12.1).
package struct CRC32C {
  /// The CRC of what has been fed so far.
  package private(set) var value: UInt32 = 0

  package init() {}

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    value = moe_crc32c(value, bytes.baseAddress, bytes.count)
  }

  package static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 { moe_crc32c(0, bytes.baseAddress, bytes.count) }

  /// The same without the processor's CRC instruction.
  package static func portable(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    moe_crc32c_portable(0, bytes.baseAddress, bytes.count)
  }

  /// What computes it on this machine.
  package static var implementation: String { String(cString: moe_crc32c_implementation()) }
}
