import Foundation

/// One line on a terminal that says how far a long piece of work is, how fast, and how long it will still take; nothing on
/// a pipe.
package final class ProgressMeter {
  private static let barWidth = 24
  private static let leastSecondsBetweenLines = 0.1

  private let title: String
  private let unit: String
  private let total: Int
  private let first: Int
  private let isTerminal: Bool
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var last: ContinuousClock.Instant
  private var isShown = false

  /// - Parameters:
  ///   - total: how many units the whole work has, of which `done` were done before.
  ///   - isTerminal: whether standard error is one, unless a test says otherwise.
  package init(
    _ title: String, unit: String, total: Int, done: Int = 0, isTerminal: Bool = isatty(STDERR_FILENO) == 1
  ) {
    self.title = title
    self.unit = unit
    self.total = total
    self.isTerminal = isTerminal
    first = done
    start = clock.now
    last = start - .seconds(1)
  }

  package func update(done: Int, note: String = "") {
    guard isTerminal else { return }
    let now = clock.now
    guard last.duration(to: now) > .seconds(Self.leastSecondsBetweenLines) || done == total else { return }
    last = now
    let seconds = start.duration(to: now) / .seconds(1)
    show("\r\u{1B}[2K\(line(done: done, seconds: seconds, note: note))")
    isShown = true
  }

  /// Removes the line.
  package func clear() {
    guard isShown else { return }
    show("\r\u{1B}[2K")
    isShown = false
  }

  private func show(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

  /// `stage1  [######------]  42 %  12,345 images/s  1:40 left  loss 1.23`
  package func line(done: Int, seconds: Double, note: String) -> String {
    let share = total == 0 ? 1 : Double(done) / Double(total)
    let filled = Int(share * Double(Self.barWidth))
    let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: Self.barWidth - filled)
    let rate = seconds > 0 ? Double(done - first) / seconds : 0
    var parts = ["\(title)  [\(bar)]  \(Int(share * 100)) %"]
    if rate > 0 {
      parts.append("\(Self.grouped(Int(rate.rounded()))) \(unit)/s")
      parts.append("\(Self.duration(Double(total - done) / rate)) left")
    }
    if !note.isEmpty { parts.append(note) }
    return parts.joined(separator: "  ")
  }

  /// 12,345
  static func grouped(_ number: Int) -> String {
    let digits = String(number)
    return String(
      digits.enumerated().flatMap { place, digit in
        place > 0 && (digits.count - place).isMultiple(of: 3) ? [",", digit] : [digit]
      })
  }

  /// 1:40, or 2:03:04 from an hour on.
  static func duration(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    let (hours, minutes, rest) = (whole / 3_600, whole / 60 % 60, whole % 60)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
  }
}
