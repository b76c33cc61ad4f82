import Dispatch
import Foundation
import Synchronization

/// SIGINT and SIGTERM ask long work to come to a clean end; a second signal ends the process at once.
package final class Interruption: Sendable {
  private let signals = Atomic<Int>(0)
  // Dispatch allows its sources to be used from any thread, and the list never changes.
  private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

  package init() {
    let queue = DispatchQueue(label: "moe.train.signals", target: .global())
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: queue)
    }
    for source in sources {
      source.setEventHandler { [weak self] in
        guard let self else { return }
        if self.signals.add(1, ordering: .relaxed).newValue > 1 { _exit(1) }
      }
      source.resume()
    }
  }

  deinit {
    for source in sources { source.cancel() }
  }

  package var isRequested: Bool { signals.load(ordering: .relaxed) > 0 }
}
