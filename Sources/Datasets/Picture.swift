/// A colour picture of any size: 8-bit sRGB values, interleaved.
package struct Picture: Sendable, Equatable {
  package let width: Int
  package let height: Int
  /// `[height, width, 3]`
  package let rgb: [UInt8]

  package init(width: Int, height: Int, rgb: [UInt8]) {
    precondition(width > 0 && height > 0, "a picture of \(width) x \(height)")
    precondition(rgb.count == width * height * 3, "\(rgb.count) bytes for \(width) x \(height) RGB pixels")
    self.width = width
    self.height = height
    self.rgb = rgb
  }

  /// All red values, then all green, then all blue. `[3, height, width]`
  package var planarRGB: [UInt8] {
    let area = width * height
    return [UInt8](unsafeUninitializedCapacity: 3 * area) { planes, initialized in
      for pixel in 0..<area {
        planes[pixel] = rgb[3 * pixel]
        planes[area + pixel] = rgb[3 * pixel + 1]
        planes[2 * area + pixel] = rgb[3 * pixel + 2]
      }
      initialized = 3 * area
    }
  }
}
