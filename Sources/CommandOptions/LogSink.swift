import DequeModule
package import Foundation
import Glibc

/// Where a program's log goes: lines are written by a thread of its own, so that a reader that pauses stops nobody who logs.
///
/// What waits for the reader is bounded: lines beyond are dropped, and counted until the reader has taken what was before them.
package final class LogSink: Sendable {
  /// Lines that wait take so many bytes at most.
  package static let maximumBytes = 1 << 20
  /// How long ``flush(within:)`` waits for the reader.
  package static let patience: TimeInterval = 1
  package static let standardError = LogSink(descriptor: STDERR_FILENO)

  private let buffer: Buffer

  /// - Parameter descriptor: stays the caller's.
  package init(descriptor: Int32, maximumBytes: Int = LogSink.maximumBytes) {
    buffer = Buffer(maximumBytes: maximumBytes)
    Thread.detachNewThread { [buffer] in
      while let next = buffer.next() {
        switch next {
        case .line(let line): Self.write(line, to: descriptor)
        case .dropped(let count, let tell): tell(count)
        }
      }
    }
  }

  deinit { buffer.end() }

  /// Adds a line, its end included; never waits.
  package func write(_ line: Data) { buffer.add(line) }

  /// Has `tell` called whenever lines were dropped and the reader has taken all that waited; by the thread that writes.
  package func onDropped(_ tell: @escaping @Sendable (_ lineCount: Int) -> Void) { buffer.onDropped(tell) }

  /// Waits until all lines are written, but no longer than that; nil: as long as it takes.
  ///
  /// - Returns: whether they are.
  @discardableResult
  package func flush(within time: TimeInterval? = LogSink.patience) -> Bool { buffer.waitUntilWritten(within: time) }

  /// What nobody can be told any more, the reader gone or the file closed, is lost and ends nothing.
  private static func write(_ line: Data, to descriptor: Int32) {
    line.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count > 0 {
          rest = rest.dropFirst(count)
        } else if errno == EAGAIN {
          // Whoever shares the descriptor has made it non-blocking.
          var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&state, 1, -1)
        } else if errno != EINTR {
          return
        }
      }
    }
  }
}

extension LogSink: TextOutputStream {
  package func write(_ text: String) { write(Data(text.utf8)) }
}

/// What is between those who log and the thread that writes.
// @unchecked: everything that changes is touched with `condition` locked only.
private final class Buffer: @unchecked Sendable {
  enum Next {
    case line(Data)
    case dropped(Int, tell: @Sendable (Int) -> Void)
  }

  private let condition = NSCondition()
  private let maximumBytes: Int
  /// Oldest first.
  private var lines = Deque<Data>()
  /// Of ``lines`` and of the line that is being written.
  private var byteCount = 0
  private var droppedCount = 0
  private var tellDropped: @Sendable (Int) -> Void = { _ in }
  /// What the thread is at, in bytes; nil while it waits.
  private var underWay: Int?
  private var isEnded = false
  /// The thread that writes. It tells of dropped lines by lines of its own, which are taken however many wait: else the number
  /// that they tell would be lost.
  private var writer: pthread_t?

  init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

  func add(_ line: Data) {
    condition.withLock {
      guard byteCount + line.count <= maximumBytes || writer == pthread_self() else {
        droppedCount += 1
        return
      }
      lines.append(line)
      byteCount += line.count
      condition.broadcast()
    }
  }

  func onDropped(_ tell: @escaping @Sendable (Int) -> Void) { condition.withLock { tellDropped = tell } }

  func end() {
    condition.withLock {
      isEnded = true
      condition.broadcast()
    }
  }

  /// What the thread does next, with what it had before done; nil at the end.
  func next() -> Next? {
    condition.withLock {
      writer = pthread_self()
      byteCount -= underWay ?? 0
      underWay = nil
      while true {
        if let line = lines.popFirst() {
          underWay = line.count
          return .line(line)
        }
        if droppedCount > 0 {
          defer { droppedCount = 0 }
          underWay = 0
          return .dropped(droppedCount, tell: tellDropped)
        }
        condition.broadcast()
        if isEnded { return nil }
        condition.wait()
      }
    }
  }

  func waitUntilWritten(within time: TimeInterval?) -> Bool {
    let end = time.map { Date(timeIntervalSinceNow: $0) }
    return condition.withLock {
      while underWay != nil || !lines.isEmpty || droppedCount > 0 {
        guard let end else {
          condition.wait()
          continue
        }
        guard condition.wait(until: end) else { return false }
      }
      return true
    }
  }
}
