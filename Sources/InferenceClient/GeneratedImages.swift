/// The most bytes that pictures for load tests take; one of them is made in any case.
private let mostBytes = 64 << 20

/// Pictures for load tests: smooth gradients with noise, the same at every run.
///
/// - Parameter count: how many, of large ones fewer.
package func generatedImages(count: Int, channels: Int, height: Int, width: Int) -> [UInt8] {
  let count = max(1, min(count, mostBytes / (channels * height * width)))
  var state: UInt64 = 0x9E37_79B9_7F4A_7C15
  return (0..<count * channels * height * width).map { position in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let x = position % width
    let y = position / width % height
    return UInt8(truncatingIfNeeded: (x * 5 + y * 3 + position / (width * height) * 37) / 2 + Int(state >> 60))
  }
}
