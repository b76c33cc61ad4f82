/// Waits at the end of a daemon until its peers have been written what was sent to them.
package struct Farewell {
  /// How long a peer that does not read is waited for.
  static let patience: Duration = .seconds(5)
  private static let interval: Duration = .milliseconds(10)
  /// What the system has taken gets so long to leave, so that the process's end does not take it back.
  private static let lastMoment: Duration = .milliseconds(100)

  private let peers: [Peer]
  private let io: IOQueue
  private let completion: @Sendable () -> Void

  /// - Parameter completion: called on the io queue.
  package init(to peers: [Peer], io: IOQueue, _ completion: @escaping @Sendable () -> Void) {
    self.peers = peers
    self.io = io
    self.completion = completion
  }

  /// On the io queue only.
  package func begin() { wait(until: MonotonicTime.now.advanced(by: Self.patience)) }

  private func wait(until end: MonotonicTime) {
    guard MonotonicTime.now < end, peers.contains(where: { $0.connection.bytesQueued > 0 }) else {
      io.after(Self.lastMoment) { completion() }
      return
    }
    io.after(Self.interval) { wait(until: end) }
  }
}
