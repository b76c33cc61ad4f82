/// (pixel/255 - mean)/deviation per channel: how a picture's bytes become the backbone's input.
package struct PixelNormalisation: Codable, Hashable, Sendable {
  /// Per channel, of pixel values scaled to 0 ... 1.
  package var mean: [Float]
  package var deviation: [Float]

  package init(mean: [Float], deviation: [Float]) {
    self.mean = mean
    self.deviation = deviation
  }

  /// Normalises `n` images of uint8 planar channels, `[n, C, H·W]`, into floats of the same order.
  package func normalise(
    _ pixels: UnsafeBufferPointer<UInt8>, into x: UnsafeMutableBufferPointer<Float>, imageCount n: Int
  ) {
    let planes = n * mean.count
    precondition(
      pixels.count == x.count && pixels.count.isMultiple(of: max(planes, 1)),
      "pixels \(pixels.count), floats \(x.count), planes \(planes)")
    let planeSize = planes == 0 ? 0 : pixels.count / planes
    for plane in 0..<planes {
      let channel = plane % mean.count
      let scale = 1 / (255 * deviation[channel])
      let shift = -mean[channel] / deviation[channel]
      for i in plane * planeSize..<(plane + 1) * planeSize {
        x[i] = Float(pixels[i]) * scale + shift
      }
    }
  }
}
