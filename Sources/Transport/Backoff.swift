/// How long to wait before the next dial: doubling from a first delay to a longest one, jittered.
package struct Backoff: Sendable {
  package var first: Duration
  package var longest: Duration
  private var exponent = 0

  package init(first: Duration = .milliseconds(50), longest: Duration = .seconds(2)) {
    self.first = first
    self.longest = longest
  }

  package mutating func next(using generator: inout some RandomNumberGenerator) -> Duration { fatalError() }
  package mutating func reset() { exponent = 0 }
}
