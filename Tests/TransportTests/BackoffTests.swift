import Testing
import Transport

struct BackoffTests {
  /// Always the same number, so that the jitter is known.
  private struct Constant: RandomNumberGenerator {
    let value: UInt64
    func next() -> UInt64 { value }
  }

  @Test func `delays double up to the longest, half of each left to chance`() {
    var highest = Constant(value: .max)
    var lowest = Constant(value: 0)
    var backoff = Backoff(first: .milliseconds(50), longest: .milliseconds(300))
    var other = backoff
    let upper = (0..<5).map { _ in backoff.next(using: &highest) }
    let lower = (0..<5).map { _ in other.next(using: &lowest) }
    for (index, expected) in [50, 100, 200, 300, 300].enumerated() {
      #expect(lower[index] == .milliseconds(expected / 2))
      #expect(upper[index] > .milliseconds(expected) * 0.99 && upper[index] <= .milliseconds(expected))
    }
    backoff.reset()
    #expect(backoff.next(using: &lowest) == .milliseconds(25))
  }
}
