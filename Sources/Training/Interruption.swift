import Foundation
import Synchronization

/// How many signals have come, and the last one's number. Read and written in a signal handler, which atomic numbers allow.
private let signals = Atomic<Int>(0)
private let lastSignal = Atomic<Int32>(0)

/// SIGINT and SIGTERM ask long work to come to a clean end; a second signal ends the process at once.
package enum Interruption {
  /// From here on the two signals only ask.
  package static func watch() {
    // Before the handlers are there, because making a global is nothing for a handler to do.
    signals.store(0, ordering: .relaxed)
    lastSignal.store(0, ordering: .relaxed)
    // Whoever has started the program may have blocked them.
    var both = sigset_t()
    sigemptyset(&both)
    for number in [SIGINT, SIGTERM] { sigaddset(&both, number) }
    defer { pthread_sigmask(SIG_UNBLOCK, &both, nil) }
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        lastSignal.store(number, ordering: .relaxed)
        if signals.add(1, ordering: .relaxed).newValue > 1 { _exit(128 + number) }
      }
    }
  }

  package static var isRequested: Bool { signals.load(ordering: .relaxed) > 0 }

  /// The status with which a program ends that was asked to: 128 + the signal's number, so that scripts do not go on.
  package static var exitStatus: Int32 { 128 + lastSignal.load(ordering: .relaxed) }
}
