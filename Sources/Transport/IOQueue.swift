package import Dispatch
package import Logging

/// The one serial queue of a node, on which all of its connections and all of its state live.
package final class IOQueue: Sendable {
  package let queue: DispatchQueue
  package let logger: Logger

  package init(label: String, logger: Logger) {
    self.logger = logger
    queue = DispatchQueue(label: label, qos: .userInitiated, target: .global(qos: .userInitiated))
  }

  /// Stops the program where the caller is not on this queue.
  package func assertCurrent() { dispatchPrecondition(condition: .onQueue(queue)) }

  package func async(_ work: @escaping @Sendable () -> Void) { queue.async(execute: work) }

  /// Runs `action` on this queue after `delay`, unless the handle is cancelled first. On the queue only.
  package func after(_ delay: Duration, _ action: @escaping () -> Void) -> TimerHandle { fatalError() }

  /// Gathers what `body` sends and writes it with one call a connection. On the queue only.
  package func coalescingWrites<Result>(_ body: () throws -> Result) rethrows -> Result { fatalError() }
}

/// A timer that has not fired yet; dropping it does not cancel it.
package struct TimerHandle {
  package func cancel() { fatalError() }
}
