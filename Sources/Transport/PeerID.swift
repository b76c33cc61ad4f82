/// Names a connection to a node's logic for as long as it lives; the shell numbers them.
package struct PeerID: Hashable, Comparable, Sendable {
  package let number: UInt64

  package init(_ number: UInt64) { self.number = number }

  package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}
