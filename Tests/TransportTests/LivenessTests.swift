import Testing
import Transport

struct LivenessTests {
  private let heartbeat = Peer.Heartbeat(interval: .milliseconds(100), timeout: .milliseconds(300))
  private func time(_ milliseconds: Int) -> MonotonicTime {
    MonotonicTime(nanoseconds: UInt64(milliseconds + 1_000) * 1_000_000)
  }

  @Test func `a peer that speaks is not pinged, a silent one is, and then it is dead`() {
    var liveness = Liveness(heartbeat: heartbeat, now: time(0))
    #expect(liveness.tick(now: time(100), heard: time(90), isReading: true) == .nothing)
    #expect(liveness.tick(now: time(200), heard: time(90), isReading: true) == .ping)
    #expect(liveness.tick(now: time(300), heard: time(90), isReading: true) == .ping)
    #expect(liveness.tick(now: time(400), heard: time(90), isReading: true) == .dead(silentMilliseconds: 310))
  }

  @Test func `a late tick says nothing about the other side`() {
    var liveness = Liveness(heartbeat: heartbeat, now: time(0))
    #expect(liveness.tick(now: time(5_000), heard: time(10), isReading: true) == .ping)
    #expect(liveness.tick(now: time(5_100), heard: time(10), isReading: true) == .ping)
    #expect(liveness.tick(now: time(5_200), heard: time(10), isReading: true) == .ping)
    #expect(liveness.tick(now: time(5_300), heard: time(10), isReading: true) == .dead(silentMilliseconds: 5_290))
  }

  @Test func `whoever does not read hears nothing and must not complain`() {
    var liveness = Liveness(heartbeat: heartbeat, now: time(0))
    for tick in 1...20 {
      #expect(liveness.tick(now: time(100 * tick), heard: time(0), isReading: false) == .ping)
    }
    #expect(liveness.tick(now: time(2_100), heard: time(0), isReading: true) == .ping)
  }
}
