/// A mean with its 95 % interval.
package struct Interval: Codable, Hashable, Sendable {
  package var mean: Double
  package var low: Double
  package var high: Double

  /// Of independent values, by the normal approximation: mean ± 1.96 standard errors.
  package init(of values: [Double]) {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(n - 1, 1)
    let half = 1.96 * (variance / n).squareRoot()
    self.init(mean: mean, low: mean - half, high: mean + half)
  }

  /// The mean of several, ± the mean of their half-widths: whatever ties them, its own half-width is no larger. Nil of none.
  init?(meanOf intervals: [Interval]) {
    guard !intervals.isEmpty else { return nil }
    let mean = intervals.map(\.mean).mean
    let half = intervals.map { ($0.high - $0.low) / 2 }.mean
    self.init(mean: mean, low: mean - half, high: mean + half)
  }

  private init(mean: Double, low: Double, high: Double) {
    self.mean = mean
    self.low = low
    self.high = high
  }
}

/// Runs of one setting over the same images with several channel seeds.
package struct SeededRuns: Sendable {
  /// Whether image i was right, one list a seed.
  package let isRight: [[Bool]]

  package init(isRight: [[Bool]]) {
    precondition(Set(isRight.map(\.count)).count == 1, "runs over different images")
    self.isRight = isRight
  }

  /// Per cent right of each seed.
  package var accuracies: [Double] {
    isRight.map { run in 100 * Double(run.count { $0 }) / Double(max(run.count, 1)) }
  }

  /// Per cent right; images are independent, an image's seeds are not, so the interval is over the images' means.
  package var accuracy: Interval { Interval(of: imageMeans) }

  /// Percentage points by which these runs are better than others over the same images and seeds, image by image.
  package func difference(from others: SeededRuns) -> Interval {
    precondition(imageMeans.count == others.imageMeans.count, "runs over different images")
    return Interval(of: zip(imageMeans, others.imageMeans).map(-))
  }

  private var imageMeans: [Double] {
    (isRight.first ?? []).indices.map { i in 100 * Double(isRight.count { $0[i] }) / Double(isRight.count) }
  }
}
