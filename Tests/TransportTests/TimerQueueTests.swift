import Testing
import Transport

struct TimerQueueTests {
  private func time(_ nanoseconds: Int) -> MonotonicTime { MonotonicTime(nanoseconds: UInt64(nanoseconds)) }

  private func popAll(_ queue: inout TimerQueue<Int>, now: Int) -> [Int] {
    queue.popDue(now: time(now)).compactMap { queue.fire($0) }
  }

  @Test func `timers fire in the order in which they are due, equal ones in the order of their making`() {
    var queue = TimerQueue<Int>()
    for (index, due) in [50, 10, 30, 10, 20, 40, 10].enumerated() { _ = queue.add(due: time(due), index) }
    #expect(popAll(&queue, now: 9).isEmpty)
    #expect(popAll(&queue, now: 20) == [1, 3, 6, 4])
    #expect(queue.earliest == time(30))
    #expect(popAll(&queue, now: 100) == [2, 5, 0])
    #expect(queue.earliest == nil)
  }

  @Test func `a cancelled timer does not fire, and cancelling it again is harmless`() {
    var queue = TimerQueue<Int>()
    let first = queue.add(due: time(1), 1)
    _ = queue.add(due: time(2), 2)
    queue.cancel(first)
    queue.cancel(first)
    #expect(queue.count == 1)
    #expect(popAll(&queue, now: 5) == [2])
  }

  @Test func `what fires may cancel what is due with it`() {
    var queue = TimerQueue<Int>()
    let ids = (0..<2).map { queue.add(due: time(1), $0) }
    #expect(queue.popDue(now: time(1)) == ids)
    #expect(queue.fire(ids[0]) == 0)
    queue.cancel(ids[1])
    #expect(queue.fire(ids[1]) == nil)
    #expect(queue.count == 0)
  }

  @Test func `thousands of timers, most of them cancelled, keep their order`() {
    var generator = SystemRandomNumberGenerator()
    var queue = TimerQueue<Int>()
    var expected: [Int] = []
    for _ in 0..<10_000 {
      let due = Int.random(in: 0..<100_000, using: &generator)
      let id = queue.add(due: time(due), due)
      if Int.random(in: 0..<5, using: &generator) == 0 { expected.append(due) } else { queue.cancel(id) }
    }
    #expect(queue.count == expected.count)
    #expect(popAll(&queue, now: 100_000) == expected.sorted())
  }
}
