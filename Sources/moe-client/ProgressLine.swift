import CommandOptions
import Foundation
import InferenceClient
import Synchronization

/// Rate and time left on a terminal's standard error; nothing of it on a pipe.
final class ProgressLine: Sendable {
  private static let interval: Duration = .milliseconds(200)

  private let total: Int
  private let unit: String
  private let isShown: Bool
  private let start = ContinuousClock.now
  private let lastShown: Mutex<ContinuousClock.Instant>

  init(total: Int, unit: String, isShown: Bool) {
    self.total = total
    self.unit = unit
    self.isShown = isShown && isatty(STDERR_FILENO) == 1
    lastShown = Mutex(start)
  }

  func show(_ done: Int) {
    guard isShown else { return }
    let now = ContinuousClock.now
    let isDue = lastShown.withLock { last in
      guard now - last >= Self.interval else { return false }
      last = now
      return true
    }
    guard isDue else { return }
    let seconds = (now - start).inSeconds
    let rate = Double(done) / max(seconds, 1e-6)
    let left = Int(Double(total - done) / max(rate, 1e-6))
    write("\r\(done)/\(total) \(unit), \(Int(rate)) \(unit)/s, \(left) s left  ")
  }

  func clear() {
    if isShown { write("\r\u{1B}[K") }
  }

  private func write(_ text: String) { FileHandle.standardError.tell(Data(text.utf8)) }
}
