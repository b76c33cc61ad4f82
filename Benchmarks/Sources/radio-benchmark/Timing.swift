import Foundation

/// How many times each measurement is repeated.
let rounds = 200

/// Seconds for one item, over repeated rounds.
struct Timing {
  let best: Double
  let median: Double

  init(of items: Int, _ body: () -> Void) {
    let clock = ContinuousClock()
    let times = (0..<rounds).map { _ in
      let duration = clock.measure(body).components
      return (Double(duration.seconds) + Double(duration.attoseconds) * 1e-18) / Double(items)
    }.sorted()
    best = times[0]
    median = times[times.count / 2]
  }

  var microseconds: String { String(format: "%.2f, %.2f", best * 1e6, median * 1e6) }
  var nanoseconds: String { String(format: "%.2f, %.2f", best * 1e9, median * 1e9) }

  /// Items of `size` a second.
  func rate(_ size: Double) -> String { String(format: "%.1f, %.1f", size / best, size / median) }
}
