/// How fast backbone and gate work through what waits, learned from the batches that have been computed.
struct BackbonePace {
  /// A running mean of nanoseconds an image, all workers together; nil before the first batch.
  private(set) var nanosecondsPerImage: UInt64?

  /// - Parameter concurrentBatches: batches that were under way together, of which this is one.
  mutating func record(images: Int, nanoseconds: UInt64, concurrentBatches: Int) {
    guard images > 0, concurrentBatches > 0 else { return }
    let measured = nanoseconds / UInt64(images * concurrentBatches)
    nanosecondsPerImage = nanosecondsPerImage.map { (7 * $0 + measured) / 8 } ?? measured
  }

  /// How long so many images will take, in nanoseconds; 0 while nothing is known.
  func time(for images: Int) -> UInt64 { (nanosecondsPerImage ?? 0) * UInt64(images) }
}
