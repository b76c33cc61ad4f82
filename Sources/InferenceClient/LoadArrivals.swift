import Randomness

/// When the requests of an open loop are meant to be sent, whatever becomes of those before them.
package struct LoadArrivals: Sendable {
  package enum Law: String, Sendable, CaseIterable {
    /// Independent callers, many of them: exponential gaps.
    case poisson
    /// A metronome: equal gaps.
    case uniform
  }

  /// Requests a second. The bounds keep every time within the clock's range.
  package static let rates: ClosedRange<Double> = 1e-3...1e6

  private let law: Law
  /// Seconds.
  private let meanGap: Double
  private var generator: CounterGenerator
  private var index = 0
  /// The next request's time since the start, in seconds.
  package private(set) var next = 0.0

  /// - Parameter rate: requests a second, one of ``rates``.
  package init(_ law: Law, rate: Double, seed: UInt64) {
    precondition(Self.rates.contains(rate), "\(rate) requests a second")
    self.law = law
    meanGap = 1 / rate
    generator = CounterGenerator(seed: seed)
    if law == .poisson { next = gap() }
  }

  /// Goes on to the request after ``next``.
  package mutating func advance() {
    index += 1
    switch law {
    case .poisson: next += gap()
    case .uniform: next = Double(index) * meanGap
    }
  }

  private mutating func gap() -> Double { -Elementary.log(1 - generator.uniform()) * meanGap }
}
