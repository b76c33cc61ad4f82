internal import Glibc

/// An instant of the machine's monotonic clock: for measuring and for timers, never for telling anybody the time.
package struct MonotonicTime: Hashable, Sendable {
  package var nanoseconds: UInt64

  package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  package static var now: MonotonicTime {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return MonotonicTime(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
  }

  /// From `start` to this instant; zero where `start` is the later one.
  package func microseconds(since start: MonotonicTime) -> UInt64 {
    nanoseconds > start.nanoseconds ? (nanoseconds - start.nanoseconds) / 1000 : 0
  }

  /// From `start` to this instant; negative where `start` is the later one.
  package func duration(since start: MonotonicTime) -> Duration {
    .nanoseconds(Int64(bitPattern: nanoseconds &- start.nanoseconds))
  }

  /// A later instant; a sum beyond the clock's range is its end.
  package func advanced(byMicroseconds microseconds: UInt64) -> MonotonicTime {
    let (product, overflow) = microseconds.multipliedReportingOverflow(by: 1000)
    let (sum, carry) = nanoseconds.addingReportingOverflow(product)
    return MonotonicTime(nanoseconds: overflow || carry ? .max : sum)
  }

  /// A later instant; a negative duration counts as none.
  package func advanced(by duration: Duration) -> MonotonicTime {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else { return self }
    let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = nanoseconds.addingReportingOverflow(whole)
    let (total, carry2) = sum.addingReportingOverflow(UInt64(attoseconds) / 1_000_000_000)
    return MonotonicTime(nanoseconds: overflow || carry || carry2 ? .max : total)
  }
}

extension MonotonicTime: Comparable {
  package static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }
}
