internal import Dispatch
internal import Glibc

// All of the program's dispatch sources are made here, because their rules (activate before release, no release while
// suspended) are easy to break, and easier to keep in one place. Sockets have none: see ``Poller``.

/// One timer that is set again and again.
final class ClockSource {
  private let source: any DispatchSourceTimer

  init(queue: DispatchQueue, onFire: @escaping () -> Void) {
    source = DispatchSource.makeTimerSource(flags: .strict, queue: queue)
    source.setEventHandler(handler: onFire)
    source.schedule(deadline: .distantFuture)
    source.activate()
  }

  deinit { source.cancel() }

  func set(inNanoseconds delay: UInt64) {
    let bounded = Int(min(delay, 1 << 60))
    source.schedule(deadline: .now() + .nanoseconds(bounded), leeway: .nanoseconds(0))
  }
}

/// Watches one signal, which then no longer does what it does by default.
final class SignalSource {
  private let source: any DispatchSourceSignal

  /// - Parameter onWatching: from then on the signal does nothing else; until then it does what it does by default.
  init(
    _ number: Int32, queue: DispatchQueue, onWatching: @escaping () -> Void, onSignal: @escaping () -> Void
  ) {
    // The disposition is left alone: on Linux the source installs a handler of its own, without which it sees nothing.
    source = DispatchSource.makeSignalSource(signal: number, queue: queue)
    source.setRegistrationHandler(handler: onWatching)
    source.setEventHandler(handler: onSignal)
    source.activate()
  }
}
