/// Keeps work from a process that fails, and readmits it by a probe that no request depends on.
///
/// Closed, it lets work through. A stall opens it at once, other failures when several come in a row. An open one waits,
/// twice as long each time, then sends one probe: an answer closes it, a failure opens it again, and one that proves nothing is
/// sent again.
struct CircuitBreaker {
  enum State: Equatable {
    /// Work passes; becomes `open`.
    case closed
    /// Nothing passes until that time; then `probing`.
    case open(until: UInt64)
    /// One probe is under way; becomes `closed` or `open`.
    case probing
  }

  /// So many failures in a row open it.
  static let toleratedFailures = 3
  static let firstPause: UInt64 = 100_000_000
  static let longestPause: UInt64 = 10_000_000_000
  /// After so many successes in a row the next pause is the first one again.
  static let successesToForget = 64

  private(set) var state = State.closed
  private var failuresInARow = 0
  private var successesInARow = 0
  private var nextPause = Self.firstPause
  /// Before that time nothing closes it.
  private var heldUntil: UInt64 = 0

  var isClosed: Bool { state == .closed }

  /// Whether it is time for a probe.
  func isDue(now: UInt64) -> Bool {
    if case .open(let until) = state { until <= now } else { false }
  }

  /// Whether proof that the process works would close it now.
  func mayClose(now: UInt64) -> Bool { heldUntil <= now }

  /// When it wants a probe; nil unless it is open.
  var probeTime: UInt64? {
    if case .open(let until) = state { until } else { nil }
  }

  /// Work was answered as it should be; that of an open one was begun before it opened, and proves nothing.
  mutating func succeeded() {
    guard isClosed else { return }
    failuresInARow = 0
    successesInARow += 1
    if successesInARow == Self.successesToForget { nextPause = Self.firstPause }
  }

  /// Work failed.
  ///
  /// - Returns: whether that opens it.
  mutating func failed(now: UInt64) -> Bool {
    guard isClosed else { return false }
    failuresInARow += 1
    return failuresInARow >= Self.toleratedFailures && open(now: now)
  }

  /// Opens it. What is open stays so for as long as it was to, or for `pause`: of much work that fails together each part says
  /// the same.
  ///
  /// - Parameter pause: for so long nothing closes it.
  /// - Returns: whether it was closed.
  @discardableResult
  mutating func open(now: UInt64, atLeast pause: UInt64 = 0) -> Bool {
    heldUntil = max(heldUntil, now + pause)
    if case .open(let until) = state {
      state = .open(until: max(until, heldUntil))
      return false
    }
    let wasClosed = isClosed
    let pause = max(pause, nextPause)
    state = .open(until: now + pause)
    nextPause = min(2 * pause, Self.longestPause)
    failuresInARow = 0
    successesInARow = 0
    return wasClosed
  }

  mutating func beginProbe() { state = .probing }

  /// The probe under way can no longer prove anything: it is time for another.
  mutating func repeatProbe(now: UInt64) {
    if state == .probing { state = .open(until: now) }
  }

  /// The process has proved that it works.
  mutating func close() { state = .closed }
}
