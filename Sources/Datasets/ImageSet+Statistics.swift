extension ImageSet {
  /// Mean and standard deviation of each channel's pixels, on the scale on which 255 is 1. `[channels]` each
  ///
  /// Summed in integers, so the order of the images does not matter.
  package func channelStatistics() -> (mean: [Double], standardDeviation: [Double]) {
    let area = shape.height * shape.width
    var sums = [Int](repeating: 0, count: shape.channels)
    var squares = sums
    pixels.withUnsafeBufferPointer { pixels in
      for plane in 0..<count * shape.channels {
        var (sum, square) = (0, 0)
        for value in UnsafeBufferPointer(rebasing: pixels[plane * area..<(plane + 1) * area]) {
          sum &+= Int(value)
          square &+= Int(value) &* Int(value)
        }
        sums[plane % shape.channels] += sum
        squares[plane % shape.channels] += square
      }
    }
    let total = Double(max(count, 1) * area)
    let mean = sums.map { Double($0) / total }
    let variance = zip(mean, squares).map { mean, square in max(0, Double(square) / total - mean * mean) }
    return (mean.map { $0 / 255 }, variance.map { $0.squareRoot() / 255 })
  }
}
