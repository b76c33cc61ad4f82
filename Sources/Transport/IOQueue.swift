package import Dispatch
package import Logging

/// The one serial queue of a node, on which all of its connections and all of its state live.
// @unchecked: everything that changes is touched on `queue` only, which each method asserts.
package final class IOQueue: @unchecked Sendable {
  /// Sockets are read through this much memory; what is larger is read straight into its frame.
  static let scratchBytes = 64 << 10

  package let queue: DispatchQueue
  package let logger: Logger

  let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: scratchBytes, alignment: AlignedScratch.alignment)
  let poller: Poller
  private var timers = TimerQueue<() -> Void>()
  private var clock: ClockSource?
  /// When the clock will fire; nil while it is not set.
  private var clockIsSetTo: MonotonicTime?
  private var coalescingDepth = 0
  private var connectionsToFlush: [Connection] = []

  private enum AlignedScratch { static let alignment = 64 }

  /// - Throws: where the system has no descriptors or no thread left.
  package init(label: String, logger: Logger) throws(SystemError) {
    self.logger = logger
    queue = DispatchQueue(label: label, qos: .userInitiated, target: .global(qos: .userInitiated))
    poller = try Poller(queue: queue)
  }

  deinit { scratch.deallocate() }

  /// Stops the program where the caller is not on this queue.
  package func assertCurrent() { dispatchPrecondition(condition: .onQueue(queue)) }

  package func async(_ work: @escaping @Sendable () -> Void) { queue.async(execute: work) }

  // MARK: Timers

  /// Runs `action` on this queue after `delay`, unless the handle is cancelled first. On the queue only.
  @discardableResult
  package func after(_ delay: Duration, _ action: @escaping () -> Void) -> TimerHandle {
    at(.now.advanced(by: delay), action)
  }

  /// Runs `action` on this queue at `time`, unless the handle is cancelled first. On the queue only.
  @discardableResult
  package func at(_ time: MonotonicTime, _ action: @escaping () -> Void) -> TimerHandle {
    assertCurrent()
    let id = timers.add(due: time, action)
    setClock()
    return TimerHandle(id: id, io: self)
  }

  fileprivate func cancelTimer(_ id: UInt64) {
    assertCurrent()
    // The clock stays set: firing for nothing once is cheaper than setting it anew for every cancelled timer.
    timers.cancel(id)
  }

  private func fireTimers() {
    clockIsSetTo = nil
    // Timers that the actions add are for the next round, even where they are due already.
    for id in timers.popDue(now: .now) { timers.fire(id)?() }
    setClock()
  }

  private func setClock() {
    guard let earliest = timers.earliest else { return }
    if let set = clockIsSetTo, set <= earliest { return }
    let clock = self.clock ?? ClockSource(queue: queue) { [weak self] in self?.fireTimers() }
    self.clock = clock
    clockIsSetTo = earliest
    let now = MonotonicTime.now
    clock.set(inNanoseconds: earliest > now ? earliest.nanoseconds - now.nanoseconds : 0)
  }

  // MARK: Writing together

  /// Gathers what `body` sends and writes it with one call a connection. On the queue only.
  package func coalescingWrites<Result>(_ body: () throws -> Result) rethrows -> Result {
    assertCurrent()
    coalescingDepth += 1
    defer {
      coalescingDepth -= 1
      if coalescingDepth == 0 { flushConnections() }
    }
    return try body()
  }

  var isCoalescing: Bool { coalescingDepth > 0 }

  /// Has the connection flushed when the outermost ``coalescingWrites(_:)`` ends.
  func flushLater(_ connection: Connection) { connectionsToFlush.append(connection) }

  private func flushConnections() {
    guard !connectionsToFlush.isEmpty else { return }
    let connections = connectionsToFlush
    connectionsToFlush.removeAll(keepingCapacity: true)
    for connection in connections { connection.flush() }
  }
}

/// A timer that has not fired yet; dropping it does not cancel it.
package struct TimerHandle {
  fileprivate let id: UInt64
  fileprivate weak var io: IOQueue?

  /// Forgets the timer; nothing happens where it has fired. On the queue only.
  package func cancel() { io?.cancelTimer(id) }
}
