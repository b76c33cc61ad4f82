extension ImageOperation {
  /// a + factor (b - a), cut off at 0 and 255, the fraction dropped.
  static func blend(_ a: Int, _ b: Int, _ factor: Float) -> UInt8 {
    let value = Float(a) + factor * Float(b - a)
    return value <= 0 ? 0 : value >= 255 ? 255 : UInt8(value)
  }

  /// ITU-R BT.601 in 16-bit fixed point.
  static func luma(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int {
    (Int(red) * 19_595 + Int(green) * 38_470 + Int(blue) * 7_471 + 32_768) >> 16
  }

  /// Of an image `[3, height, width]`, to the nearest.
  static func meanLuma(of image: UnsafeMutableBufferPointer<UInt8>) -> Int {
    let area = image.count / 3
    var sum = 0
    for i in 0..<area { sum += luma(image[i], image[area + i], image[2 * area + i]) }
    return area == 0 ? 0 : (2 * sum + area) / (2 * area)
  }

  static func blendWithGreys(_ image: UnsafeMutableBufferPointer<UInt8>, _ factor: Float) {
    let area = image.count / 3
    for i in 0..<area {
      let grey = luma(image[i], image[area + i], image[2 * area + i])
      for place in stride(from: i, to: image.count, by: area) { image[place] = blend(grey, Int(image[place]), factor) }
    }
  }

  /// Smooth is the mean of a pixel, counted five times, and its eight neighbours, to the nearest; the outermost pixels stay.
  static func blendWithSmooth(
    _ image: UnsafeBufferPointer<UInt8>, _ factor: Float, to result: UnsafeMutableBufferPointer<UInt8>,
    shape: ImageShape
  ) {
    let (width, height) = (shape.width, shape.height)
    guard width > 2, height > 2 else { return }
    func three(_ middle: Int) -> Int { Int(image[middle - 1]) + Int(image[middle]) + Int(image[middle + 1]) }
    for plane in stride(from: 0, to: image.count, by: width * height) {
      for row in 1..<height - 1 {
        for place in plane + row * width + 1..<plane + row * width + width - 1 {
          let own = Int(image[place])
          let sum = three(place - width) + three(place) + three(place + width) + 4 * own
          result[place] = blend((2 * sum + 13) / 26, own, factor)
        }
      }
    }
  }
}
