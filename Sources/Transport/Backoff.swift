/// How long to wait before the next dial: doubling from a first delay to a longest one, jittered.
///
/// The jitter is half of the delay, so that peers that lost the same node do not come back all at once.
package struct Backoff: Sendable {
  package var first: Duration
  package var longest: Duration
  private var current: Duration

  package init(first: Duration = .milliseconds(50), longest: Duration = .seconds(2)) {
    precondition(first > .zero && longest >= first, "a backoff from \(first) to \(longest)")
    self.first = first
    self.longest = longest
    current = first
  }

  package mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
    let delay = current
    current = min(current * 2, longest)
    let fraction = Double(generator.next() >> 11) * 0x1p-53
    return delay / 2 + (delay / 2) * fraction
  }

  package mutating func reset() { current = first }
}
