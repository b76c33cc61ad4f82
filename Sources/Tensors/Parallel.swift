import Dispatch
import Synchronization

/// Spreads independent pieces of one kernel call over the threads that the caller granted.
package enum Parallel {
  /// Calls `body` once for every index below `count`, each worker with scratch of its own.
  ///
  /// Which worker takes which index is left to chance, so `body` must not let it matter.
  static func forEach<Scratch>(
    below count: Int, scratch makeScratch: () -> Scratch, _ body: (Int, inout Scratch) -> Void
  ) {
    let workers = min(Kernels.threads, count)
    guard workers > 1 else {
      var scratch = makeScratch()
      for index in 0..<count { body(index, &scratch) }
      return
    }
    let next = Atomic(0)
    perform(workers) {
      var scratch = makeScratch()
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { break }
        body(index, &scratch)
      }
    }
  }

  static func forEach(below count: Int, _ body: (Int) -> Void) {
    forEach(below: count, scratch: {}) { index, _ in body(index) }
  }

  /// `body(0)` … `body(count - 1)`, whose own kernel calls are on one thread each.
  package static func map<Result>(_ count: Int, _ body: (Int) -> Result) -> [Result] {
    let (backend, precision) = (Kernels.current, Kernels.precision)
    return [Result](unsafeUninitializedCapacity: count) { results, initialized in
      // Each index has an element of its own.
      nonisolated(unsafe) let results = results
      forEach(below: count) { index in
        let result = Kernels.with(threads: 1, backend: backend, precision: precision) { body(index) }
        results.initializeElement(at: index, to: result)
      }
      initialized = count
    }
  }

  /// Calls `body` with ranges that cut `count` rows into about equal shares, one a thread.
  static func split(_ count: Int, multipleOf unit: Int = 1, _ body: (Range<Int>) -> Void) {
    let units = (count + unit - 1) / unit
    let shares = max(1, min(Kernels.threads, units))
    forEach(below: shares) { share in
      let start = units * share / shares * unit
      let end = min(units * (share + 1) / shares * unit, count)
      if start < end { body(start..<end) }
    }
  }

  /// Calls `body` with ranges that cut `count` numbers into about equal shares, one a thread, if they are so many that it is
  /// worth a thread's while.
  package static func splitElements(_ count: Int, _ body: (Range<Int>) -> Void) {
    if count < fewElements { body(0..<count) } else { split(count, body) }
  }

  private static let fewElements = 1 << 15

  private static func perform(_ workers: Int, _ work: () -> Void) {
    withoutActuallyEscaping(work) { work in
      // Not Sendable only because kernels capture pointers. They stay valid, since `concurrentPerform` returns after the
      // last worker; and they are not raced for, since every index is handed out once and writes its own part.
      nonisolated(unsafe) let work = work
      DispatchQueue.concurrentPerform(iterations: workers) { _ in work() }
    }
  }
}
