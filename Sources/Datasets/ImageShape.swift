/// The dimensions of one image, channels first, as networks see it.
package struct ImageShape: Hashable, Sendable, Codable {
  package var channels: Int
  package var height: Int
  package var width: Int

  package init(channels: Int, height: Int, width: Int) {
    precondition(channels > 0 && height > 0 && width > 0, "an image of \(channels) x \(height) x \(width)")
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// 3 x 32 x 32.
  package static let cifar = ImageShape(channels: 3, height: 32, width: 32)

  /// The number of values of one image; with 8-bit pixels, of its bytes.
  package var count: Int { channels * height * width }
}

extension ImageShape: CustomStringConvertible {
  package var description: String { "\(channels) x \(height) x \(width)" }
}
