import Testing
import Transport

struct LivenessTests {
  private let heartbeat = Peer.Heartbeat(interval: .milliseconds(100), timeout: .milliseconds(300))
  private func time(_ milliseconds: Int) -> MonotonicTime {
    MonotonicTime(nanoseconds: UInt64(milliseconds + 1_000) * 1_000_000)
  }

  @Test func `a peer that speaks is not pinged, a silent one is, and then it is dead`() {
    var liveness = Liveness(heartbeat: heartbeat, now: time(0))
    #expect(liveness.tick(now: time(100), heard: time(90)) == .nothing)
    #expect(liveness.tick(now: time(200), heard: time(90)) == .ping)
    #expect(liveness.tick(now: time(300), heard: time(90)) == .ping)
    #expect(liveness.tick(now: time(400), heard: time(90)) == .dead(silentMilliseconds: 310))
  }

  @Test func `a late tick says nothing about the other side`() {
    var liveness = Liveness(heartbeat: heartbeat, now: time(0))
    #expect(liveness.tick(now: time(5_000), heard: time(10)) == .ping)
    #expect(liveness.tick(now: time(5_100), heard: time(10)) == .ping)
    #expect(liveness.tick(now: time(5_200), heard: time(10)) == .ping)
    #expect(liveness.tick(now: time(5_300), heard: time(10)) == .dead(silentMilliseconds: 5_290))
  }
}
