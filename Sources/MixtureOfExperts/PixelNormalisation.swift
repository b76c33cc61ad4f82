/// (pixel/255 - mean)/deviation per channel: how a picture's bytes become the backbone's input.
package struct PixelNormalisation: Codable, Hashable, Sendable {
  /// Per channel, of pixel values scaled to 0 ... 1.
  package var mean: [Float]
  package var deviation: [Float]

  package init(mean: [Float], deviation: [Float]) {
    self.mean = mean
    self.deviation = deviation
  }

  /// Per channel: pixel * scale + offset is the normalised pixel.
  package var scale: [Float] { deviation.map { 1 / (255 * $0) } }
  package var offset: [Float] { zip(mean, deviation).map { -$0 / $1 } }

  /// Normalises `n` images of uint8 planar channels, `[n, C, H·W]`, into floats of the same order.
  package func normalise(
    _ pixels: UnsafeBufferPointer<UInt8>, into x: UnsafeMutableBufferPointer<Float>, imageCount n: Int
  ) {
    let planes = n * mean.count
    precondition(
      pixels.count == x.count && pixels.count.isMultiple(of: max(planes, 1)),
      "pixels \(pixels.count), floats \(x.count), planes \(planes)")
    let planeSize = planes == 0 ? 0 : pixels.count / planes
    let (scale, offset) = (scale, offset)
    for plane in 0..<planes {
      let (scale, offset) = (scale[plane % mean.count], offset[plane % mean.count])
      for i in plane * planeSize..<(plane + 1) * planeSize { x[i] = scale * Float(pixels[i]) + offset }
    }
  }
}
