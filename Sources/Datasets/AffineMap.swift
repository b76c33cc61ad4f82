internal import Randomness

/// Where in an image the points of another are taken from: (xx x + xy y + x0, yx x + yy y + y0), in pixels, the corner of the
/// first pixel being (0, 0).
package struct AffineMap: Sendable, Hashable {
  package var xx: Double
  package var xy: Double
  package var x0: Double
  package var yx: Double
  package var yy: Double
  package var y0: Double

  /// The identity but for what is given.
  package init(xx: Double = 1, xy: Double = 0, x: Double = 0, yx: Double = 0, yy: Double = 1, y: Double = 0) {
    (self.xx, self.xy, x0) = (xx, xy, x)
    (self.yx, self.yy, y0) = (yx, yy, y)
  }

  /// Turns the picture anticlockwise about its centre.
  package static func rotation(degrees: Double, width: Int, height: Int) -> AffineMap {
    let (cosine, sine) = Elementary.cosSin(turns: degrees / 360)
    let (x, y) = (Double(width) / 2, Double(height) / 2)
    return AffineMap(
      xx: cosine, xy: -sine, x: x - cosine * x + sine * y, yx: sine, yy: cosine, y: y - sine * x - cosine * y)
  }

  /// What lies beyond an image's edge.
  package static let grey: UInt8 = 128

  /// The image as it looks through the map: bilinear interpolation as Pillow has it, the edge's pixels reaching to the edge.
  ///
  /// `image` and `result` `[channels, height, width]`
  func transform(
    _ image: UnsafeBufferPointer<UInt8>, to result: UnsafeMutableBufferPointer<UInt8>, shape: ImageShape
  ) {
    precondition(image.count == shape.count && result.count == shape.count, "images of \(shape)")
    let (width, height) = (shape.width, shape.height)
    let area = width * height
    for row in 0..<height {
      let y = Double(row) + 0.5
      for column in 0..<width {
        let x = Double(column) + 0.5
        let (u, v) = (xx * x + xy * y + x0, yx * x + yy * y + y0)
        let place = row * width + column
        guard u >= 0, v >= 0, u < Double(width), v < Double(height) else {
          for channel in 0..<shape.channels { result[channel * area + place] = Self.grey }
          continue
        }
        let (across, down) = (Neighbours(u, below: width), Neighbours(v, below: height))
        for channel in 0..<shape.channels {
          let first = channel * area
          let (upper, lower) = (first + down.first * width, first + down.second * width)
          let above = across.mix(image[upper + across.first], image[upper + across.second])
          let below = across.mix(image[lower + across.first], image[lower + across.second])
          result[first + place] = UInt8(above + (below - above) * down.share)
        }
      }
    }
  }

  /// The two pixels of a row or column between whose centres a point lies.
  private struct Neighbours {
    let first: Int
    let second: Int
    /// The second's.
    let share: Double

    init(_ place: Double, below count: Int) {
      let fromCentre = place - 0.5
      let whole = fromCentre < 0 ? -1 : Int(fromCentre)
      first = max(whole, 0)
      second = min(whole + 1, count - 1)
      share = fromCentre - Double(whole)
    }

    func mix(_ a: UInt8, _ b: UInt8) -> Double { Double(a) + (Double(b) - Double(a)) * share }
  }
}
