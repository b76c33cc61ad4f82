internal import Dispatch
internal import Glibc
internal import Logging
internal import Synchronization

/// The process's signals as a server wants them.
package enum Signals {
  /// What watches them; it lives as long as the process.
  private static let watching = Mutex<Watch?>(nil)

  // @unchecked: `count` is touched on the io queue only.
  private final class Watch: @unchecked Sendable {
    var sources: [SignalSource] = []
    var count = 0
  }

  /// The first SIGTERM or SIGINT calls `drain` on the io queue, the second ends the process at once, after it has called
  /// `lastly`; every SIGHUP calls `reload` there, and does what it does by default where there is none; SIGPIPE is ignored.
  ///
  /// To be called once, at the start, and not on the io queue: it returns when the signals are watched, so that none is
  /// lost after.
  package static func install(
    io: IOQueue, reload: (@Sendable () -> Void)? = nil, drain: @escaping @Sendable () -> Void,
    lastly: @escaping @Sendable () -> Void = {}
  ) {
    ignoreBrokenPipes()
    dispatchPrecondition(condition: .notOnQueue(io.queue))
    let watch = Watch()
    let registrations = DispatchGroup()
    watch.sources = [SIGTERM, SIGINT].map { number in
      registrations.enter()
      return SignalSource(number, queue: io.queue, onWatching: { registrations.leave() }) { [unowned watch] in
        watch.count += 1
        if watch.count == 1 {
          io.logger.notice("\(name(number)): draining; another one ends this process at once")
          drain()
        } else {
          io.logger.notice("\(name(number)): ending at once")
          lastly()
          // As a shell reports a process that a signal ended.
          _exit(128 + number)
        }
      }
    }
    if let reload {
      registrations.enter()
      watch.sources.append(
        SignalSource(SIGHUP, queue: io.queue, onWatching: { registrations.leave() }, onSignal: reload))
    }
    watching.withLock { $0 = watch }
    registrations.wait()
  }

  /// Writing to a connection that is gone is an error to handle, not an end of the process.
  package static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

  private static func name(_ number: Int32) -> String { number == SIGTERM ? "SIGTERM" : "SIGINT" }
}
