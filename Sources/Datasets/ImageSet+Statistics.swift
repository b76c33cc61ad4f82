extension ImageSet {
  /// Mean and standard deviation of each channel's pixels, on the scale on which 255 is 1. `[channels]` each
  ///
  /// Summed in integers, so the order of the images does not matter.
  package func channelStatistics() -> (mean: [Double], standardDeviation: [Double]) {
    let area = shape.height * shape.width
    var histograms = [[Int]](repeating: [Int](repeating: 0, count: 256), count: shape.channels)
    for plane in 0..<count * shape.channels {
      let channel = plane % shape.channels
      pixels.withUnsafeBufferPointer { pixels in
        for value in pixels[plane * area..<(plane + 1) * area] { histograms[channel][Int(value)] += 1 }
      }
    }
    let total = Double(max(count, 1) * area)
    let mean = histograms.map { Double($0.enumerated().reduce(0) { $0 + $1.offset * $1.element }) / total }
    let square = histograms.map {
      Double($0.enumerated().reduce(0) { $0 + $1.offset * $1.offset * $1.element }) / total
    }
    return (
      mean.map { $0 / 255 },
      zip(mean, square).map { max(0, $1 - $0 * $0).squareRoot() / 255 }
    )
  }
}
