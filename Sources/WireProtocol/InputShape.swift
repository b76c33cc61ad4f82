/// The shape of the images that a model takes; each pixel value is one byte, channel after channel, row after row.
package struct InputShape: Hashable, Sendable, CustomStringConvertible {
  package var channels: UInt16
  package var height: UInt16
  package var width: UInt16

  package init(channels: UInt16, height: UInt16, width: UInt16) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// The bytes of one image.
  package var byteCount: Int { Int(channels) * Int(height) * Int(width) }

  package var description: String { "\(channels)x\(height)x\(width)" }
}

extension InputShape {
  func write(to sink: inout some FieldSink) {
    sink.integer(channels)
    sink.integer(height)
    sink.integer(width)
  }

  init(reading reader: inout FieldReader) throws(WireError) {
    self.init(
      channels: try reader.integer("channels"), height: try reader.integer("height"),
      width: try reader.integer("width"))
    guard channels > 0, height > 0, width > 0 else {
      throw reader.error("shape", expected: "channels, height and width above 0", received: "\(self)")
    }
  }
}
