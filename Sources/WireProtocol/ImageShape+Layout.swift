internal import Datasets

/// On the wire a shape is three 16-bit numbers above 0.
extension ImageShape {
  func write(to sink: inout some FieldSink) {
    for dimension in [channels, height, width] { sink.integer(UInt16(dimension)) }
  }

  init(reading reader: inout FieldReader) throws(WireError) {
    let dimensions: (channels: UInt16, height: UInt16, width: UInt16) = (
      try reader.integer("channels"), try reader.integer("height"), try reader.integer("width")
    )
    guard dimensions.channels > 0, dimensions.height > 0, dimensions.width > 0 else {
      throw reader.error(
        "shape", expected: "channels, height and width above 0",
        received: "\(dimensions.channels) x \(dimensions.height) x \(dimensions.width)")
    }
    self.init(channels: Int(dimensions.channels), height: Int(dimensions.height), width: Int(dimensions.width))
  }
}
