/// Decides from its silence whether the other side lives. Pure: the caller has the clock and the timer.
package struct Liveness {
  package enum Directive: Equatable {
    case nothing
    case ping
    case dead(silentMilliseconds: Int)
  }

  package let heartbeat: Peer.Heartbeat
  private var lastTick: MonotonicTime
  /// Silence before this is not the other side's fault.
  private var excusedUntil: MonotonicTime

  package init(heartbeat: Peer.Heartbeat, now: MonotonicTime) {
    self.heartbeat = heartbeat
    lastTick = now
    excusedUntil = now
  }

  /// To be called once an interval.
  ///
  /// - Parameter heard: when the other side last gave a sign of life.
  package mutating func tick(now: MonotonicTime, heard: MonotonicTime) -> Directive {
    // A tick that comes late means that this side was stopped or starved: what came meanwhile has not been read yet.
    let isLate = now.duration(since: lastTick) > heartbeat.interval + heartbeat.timeout / 2
    lastTick = now
    if isLate { excusedUntil = now }
    let silence = now.duration(since: max(heard, excusedUntil))
    if silence >= heartbeat.timeout {
      return .dead(silentMilliseconds: Int(now.microseconds(since: heard) / 1000))
    }
    // Half an interval, because the ticks of the two sides lie anyhow to each other.
    return now.duration(since: heard) * 2 >= heartbeat.interval ? .ping : .nothing
  }
}
