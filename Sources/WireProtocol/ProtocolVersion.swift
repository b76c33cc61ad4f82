/// The versions of the protocol that a node speaks, and how two nodes agree on one.
package struct ProtocolVersions: Equatable, Sendable {
  /// The only version so far; HELLO and the header keep its layout for ever.
  package static let first: UInt8 = 1
  package static let supported = ProtocolVersions(minimum: first, maximum: first)

  package var minimum: UInt8
  package var maximum: UInt8

  package init(minimum: UInt8, maximum: UInt8) {
    self.minimum = minimum
    self.maximum = maximum
  }

  /// The highest version that both ranges hold.
  ///
  /// - Throws: ``ProtocolError`` with ``ErrorCode/unsupportedVersion`` where they have none in common.
  package func negotiated(with other: ProtocolVersions) throws(ProtocolError) -> UInt8 {
    let highest = min(maximum, other.maximum)
    guard highest >= minimum, highest >= other.minimum else {
      throw ProtocolError(
        .unsupportedVersion,
        "protocol versions: expected some of \(minimum)...\(maximum), received \(other.minimum)...\(other.maximum)")
    }
    return highest
  }
}
