import CommandOptions
import Foundation
import Glibc
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct LogSinkTests {
  /// A pipe whose reader takes nothing unless it is told to.
  private final class Reader {
    private var ends: [Int32]
    private var filling = 0
    var writingEnd: Int32 { ends[ends.count - 1] }

    init(isFull: Bool = false) {
      var ends: [Int32] = [-1, -1]
      precondition(pipe(&ends) == 0)
      self.ends = ends
      guard isFull else { return }
      let flags = fcntl(ends[1], F_GETFL)
      _ = fcntl(ends[1], F_SETFL, flags | O_NONBLOCK)
      let page = [UInt8](repeating: 0, count: 4096)
      while write(ends[1], page, page.count) == page.count { filling += page.count }
      _ = fcntl(ends[1], F_SETFL, flags)
    }

    deinit { for end in ends { close(end) } }

    /// The next `count` lines, without what the pipe was full of.
    func lines(_ count: Int) -> [String] {
      var bytes: [UInt8] = []
      var byte: UInt8 = 0
      while bytes.count(where: { $0 == UInt8(ascii: "\n") }) < count, read(ends[0], &byte, 1) == 1 {
        if filling > 0 { filling -= 1 } else { bytes.append(byte) }
      }
      return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    func closeReadingEnd() { close(ends.removeFirst()) }
  }

  private func line(_ number: Int) -> Data { Data("line \(100 + number)\n".utf8) }

  @Test func `lines are written in their order, and who flushes waits for them`() {
    let reader = Reader()
    let sink = LogSink(descriptor: reader.writingEnd)
    for number in 0..<100 { sink.write(line(number)) }
    #expect(sink.flush(within: 30))
    #expect(reader.lines(100) == (0..<100).map { "line \(100 + $0)" })
  }

  @Test func `with a reader that pauses lines are dropped, counted and told, and nobody waits`() {
    let reader = Reader(isFull: true)
    let sink = LogSink(descriptor: reader.writingEnd, maximumBytes: 10 * line(0).count)
    sink.onDropped { [weak sink] count in sink?.write(Data("\(count) dropped\n".utf8)) }
    for number in 0..<100 { sink.write(line(number)) }
    #expect(!sink.flush(within: 0.01), "the reader has taken nothing")
    #expect(reader.lines(11) == (0..<10).map { "line \(100 + $0)" } + ["90 dropped"])
    #expect(sink.flush(within: 30))
    sink.write(line(7))
    #expect(reader.lines(1) == ["line 107"])
  }

  @Test func `the number of dropped lines is told even if others have taken all space meanwhile`() {
    let reader = Reader(isFull: true)
    let sink = LogSink(descriptor: reader.writingEnd, maximumBytes: 10 * line(0).count)
    let isFirst = Atomic(true)
    sink.onDropped { [weak sink, self] count in
      if isFirst.exchange(false, ordering: .relaxed) {
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread { [sink] in
          for number in 20..<40 { sink?.write(line(number)) }
          done.signal()
        }
        done.wait()
      }
      sink?.write(Data("\(count) dropped\n".utf8))
    }
    for number in 0..<15 { sink.write(line(number)) }
    let told = (0..<10).map { "line \(100 + $0)" } + (20..<30).map { "line \(100 + $0)" }
    #expect(reader.lines(22) == told + ["5 dropped", "10 dropped"])
  }

  @Test func `a reader that has gone ends nothing`() {
    signal(SIGPIPE, SIG_IGN)
    let reader = Reader()
    let sink = LogSink(descriptor: reader.writingEnd)
    reader.closeReadingEnd()
    for number in 0..<100 { sink.write(line(number)) }
    #expect(sink.flush(within: 30))
  }
}
