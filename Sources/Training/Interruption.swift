import Foundation
import Synchronization

/// How many signals have come. Read and written in a signal handler, which an atomic number allows.
private let signals = Atomic<Int>(0)

/// SIGINT and SIGTERM ask long work to come to a clean end; a second signal ends the process at once.
package enum Interruption {
  /// From here on the two signals only ask.
  package static func watch() {
    // Before the handlers are there, because making a global is nothing for a handler to do.
    signals.store(0, ordering: .relaxed)
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        if signals.add(1, ordering: .relaxed).newValue > 1 { _exit(1) }
      }
    }
  }

  package static var isRequested: Bool { signals.load(ordering: .relaxed) > 0 }
}
