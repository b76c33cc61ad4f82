/// The rule for the names of nodes: 1 to 64 printable ASCII characters, no spaces.
package enum NodeID {
  package static let maximumBytes = 64

  package static func isValid(_ text: String) -> Bool {
    (1...maximumBytes).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }
}
