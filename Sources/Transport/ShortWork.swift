/// Learns how long work takes and tells what is short: done where it arrives, it costs less than waking a compute worker
/// and being woken by it.
package struct ShortWork: Sendable {
  /// What two wake-ups of idle threads cost, in nanoseconds; more on virtual machines than on bare ones.
  package static let limit: UInt64 = 150_000

  /// A running mean, in nanoseconds an item; nil until something has been measured.
  private var nanosecondsPerItem: UInt64?

  package init() {}

  /// Whether so many items will take less than the limit. Work that has never been measured is not short.
  package func isShort(items: Int) -> Bool {
    guard let nanosecondsPerItem else { return false }
    return UInt64(items) * nanosecondsPerItem <= Self.limit
  }

  /// Notes how long work has taken.
  package mutating func record(items: Int, nanoseconds: UInt64) {
    guard items > 0 else { return }
    let measured = nanoseconds / UInt64(items)
    nanosecondsPerItem = nanosecondsPerItem.map { ($0 * 7 + measured) / 8 } ?? measured
  }
}
