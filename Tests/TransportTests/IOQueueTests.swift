import Foundation
import Glibc
import Logging
import Synchronization
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct IOQueueTests {
  /// Elsewhere in this process descriptors may be closed or opened meanwhile, seldom as often as it is tried.
  @Test(arguments: 0..<3) func `a queue that the system has no descriptors for says so, and leaves none behind`(
    left: Int
  ) async throws {
    // Clocks that the system opens for the first sleep are not to find themselves without a descriptor.
    try await Task.sleep(for: .milliseconds(20))
    // The epoll descriptor and both ends of a pipe are three; with the last of them missing there is no queue.
    let expected = (left == 0 ? "epoll_create1" : "pipe") + ": too many open files"
    let refusals = (0..<20).lazy.map { _ in queuesRefused(withDescriptorsLeft: left) }
    #expect(refusals.contains { $0 == ([expected], left) }, "the last: \(refusals.last!)")
  }

  /// What 20 queues said that were asked for with so many descriptors left, and how many were left after them.
  private func queuesRefused(withDescriptorsLeft left: Int) -> (errors: Set<String>, left: Int) {
    let limitOfDescriptors = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limits = rlimit()
    getrlimit(limitOfDescriptors, &limits)
    // The system gives the lowest first: all below the last one are taken.
    let taken = (0...left).map { _ in dup(0) }
    var lowered = rlimit(rlim_cur: rlim_t(taken[left]) + 1, rlim_max: limits.rlim_max)
    setrlimit(limitOfDescriptors, &lowered)
    for descriptor in taken.dropFirst() { close(descriptor) }

    var errors: Set<String> = []
    for _ in 0..<20 {
      do {
        _ = try IOQueue(label: "test", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        errors.insert("none")
      } catch { errors.insert("\(error)") }
    }

    var rest: [Int32] = []
    while case let descriptor = dup(0), descriptor >= 0 { rest.append(descriptor) }
    setrlimit(limitOfDescriptors, &limits)
    for descriptor in [taken[0]] + rest { close(descriptor) }
    return (errors, rest.count)
  }

  @Test func `timers fire on the queue, in order, none of them early`() async {
    let io = makeIO()
    let fired = Events<(Int, UInt64)>()
    let start = MonotonicTime.now
    await io.run {
      for milliseconds in [30, 10, 20, 0] {
        io.after(.milliseconds(milliseconds)) {
          io.assertCurrent()
          fired.add((milliseconds, MonotonicTime.now.microseconds(since: start)))
        }
      }
    }
    for milliseconds in [0, 10, 20, 30] {
      let (which, elapsed) = await fired.next() ?? (-1, 0)
      #expect(which == milliseconds)
      #expect(elapsed >= UInt64(milliseconds) * 1000)
    }
  }

  /// Else a node that computes is silent, and its peers take it for dead.
  @Test func `timers fire while all workers compute`() async {
    let io = makeIO()
    let count = 2 * ProcessInfo.processInfo.activeProcessorCount
    let workers = ComputeWorkers(label: "test", count: count)
    let (timer, patience) = (Firing(), MonotonicTime.now.advanced(by: .seconds(20)))
    let outcomes = Events<Bool>()
    for _ in 0..<count {
      workers.run {
        while !timer.hasFired.load(ordering: .relaxed), MonotonicTime.now < patience {}
        outcomes.add(timer.hasFired.load(ordering: .relaxed))
      }
    }
    io.async { io.after(.milliseconds(10)) { timer.hasFired.store(true, ordering: .relaxed) } }
    for _ in 0..<count { #expect(await outcomes.next() == true) }
  }

  private final class Firing: Sendable {
    let hasFired = Atomic(false)
  }

  @Test func `a cancelled timer does not fire`() async {
    let io = makeIO()
    let fired = Events<String>()
    await io.run {
      let timer = io.after(.milliseconds(1)) { fired.add("cancelled") }
      io.after(.milliseconds(5)) { fired.add("kept") }
      timer.cancel()
    }
    #expect(await fired.next() == "kept")
  }

  @Test func `an earlier timer added later fires first`() async {
    let io = makeIO()
    let fired = Events<Int>()
    await io.run {
      io.after(.milliseconds(40)) { fired.add(40) }
      io.after(.milliseconds(5)) {
        fired.add(5)
        io.after(.milliseconds(5)) { fired.add(10) }
      }
    }
    #expect(await fired.next() == 5)
    #expect(await fired.next() == 10)
    #expect(await fired.next() == 40)
  }

  @Test func `a timer that is due again as soon as it has fired leaves the queue to others`() async {
    let io = makeIO()
    let rounds = Mutex(0)
    let seen = Events<Int>()
    await io.run {
      let past = MonotonicTime.now
      @Sendable func again() {
        let count = rounds.withLock { rounds in
          rounds += 1
          return rounds
        }
        if count < 100_000 { io.at(past) { again() } }
      }
      io.at(past) { again() }
      // Behind the timer's first round.
      io.after(.zero) { io.async { seen.add(rounds.withLock { $0 }) } }
    }
    let count = await seen.next() ?? 0
    #expect(count < 100_000)
  }

  @Test func `the first SIGTERM asks for a drain`() async {
    let io = makeIO()
    let drains = Events<Bool>()
    Signals.install(io: io) { drains.add(true) }
    kill(getpid(), SIGTERM)
    #expect(await drains.next() == true)
  }

  @Test func `instants add and subtract within their range`() {
    let start = MonotonicTime(nanoseconds: 5_000)
    #expect(start.advanced(byMicroseconds: 3).nanoseconds == 8_000)
    #expect(start.advanced(byMicroseconds: .max).nanoseconds == .max)
    #expect(start.advanced(by: .seconds(2)).nanoseconds == 2_000_005_000)
    #expect(start.advanced(by: .seconds(-2)) == start)
    #expect(start.microseconds(since: start.advanced(byMicroseconds: 9)) == 0)
    #expect(start.advanced(byMicroseconds: 9).microseconds(since: start) == 9)
    #expect(start.duration(since: start.advanced(byMicroseconds: 9)) == .microseconds(-9))
  }
}
