/// The sliding window of a convolution or a pooling: square, with one stride and one zero padding for both axes.
package struct Window: Hashable, Sendable {
  package let size: Int
  package let stride: Int
  package let padding: Int

  package init(_ size: Int, stride: Int = 1, padding: Int = 0) {
    precondition(size > 0 && stride > 0 && padding >= 0, "window of \(size), stride \(stride), padding \(padding)")
    self.size = size
    self.stride = stride
    self.padding = padding
  }

  /// How many positions the window takes along an axis of `extent` elements.
  package func positions(along extent: Int) -> Int {
    precondition(extent + 2 * padding >= size, "a window of \(size) does not fit into \(extent) + 2 × \(padding)")
    return (extent + 2 * padding - size) / stride + 1
  }
}

/// What follows an affine layer within the same kernel.
package enum Activation: String, Hashable, Sendable {
  case identity
  case relu
}
