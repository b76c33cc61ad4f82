/// What an image shows: one class, or two classes in shares.
package struct SoftLabel: Hashable, Sendable {
  package var first: Int
  package var second: Int
  /// The first class's share; the second has the rest.
  package var share: Float

  package init(_ label: Int) { self.init(label, label, share: 1) }

  package init(_ first: Int, _ second: Int, share: Float) {
    self.first = first
    self.second = second
    self.share = share
  }

  /// Its two classes, at 0 and 1.
  subscript(place: Int) -> (index: Int, share: Float) { place == 0 ? (first, share) : (second, 1 - share) }

  /// How much of the image is of class `c`.
  func weight(of c: Int) -> Float { (c == first ? share : 0) + (c == second ? 1 - share : 0) }
}
