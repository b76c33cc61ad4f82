internal import CEpoll
internal import Dispatch
internal import Glibc

/// Tells the sockets of one io queue when they are ready, by one epoll descriptor that one thread watches.
///
/// Sockets have no dispatch source of their own on Linux. libdispatch takes a source whose descriptor hangs up (EPOLLHUP:
/// the other side has reset the connection) out of its tables on the source's own queue instead of its manager's, in a race
/// with every other source that comes or goes (`_dispatch_source_invoke2` calls `_dispatch_unote_unregister_muxed`;
/// swift-corelibs-libdispatch issue 949). Under load one dying peer would take the process with it. This also saves the
/// source's re-arming for every event: a wake-up serves all sockets that are ready. On the io queue only.
final class Poller {
  /// What one wake-up serves before other work of the queue has its turn.
  private static let roundsAtOnce = 4
  private static let eventsPerRound = 128

  private struct Slot {
    var watch: SocketWatch?
    /// Raised whenever the slot is given up, so that events for a socket that is gone are known by their token.
    var generation: UInt32 = 0
  }

  private let queue: DispatchQueue
  private let descriptor: Int32
  private var thread: ReadinessThread?
  private var slots: [Slot] = []
  private var freeSlots: [Int] = []
  private let events = UnsafeMutableBufferPointer<moe_poll_event>.allocate(capacity: eventsPerRound)

  init(queue: DispatchQueue) throws(SystemError) {
    self.queue = queue
    descriptor = moe_poll_create()
    guard descriptor >= 0 else { throw SystemError("epoll_create1") }
    do throws(SystemError) {
      thread = try ReadinessThread(owning: descriptor, queue: queue) { [weak self] in self?.serve() }
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { events.deallocate() }

  /// - Returns: nil where the system refuses; the watch is told so soon.
  fileprivate func add(_ watch: SocketWatch, interest: UInt32) -> UInt64? {
    let index = freeSlots.popLast() ?? slots.count
    if index == slots.count { slots.append(Slot()) }
    let token = UInt64(slots[index].generation) << 32 | UInt64(index)
    guard moe_poll_add(descriptor, watch.descriptor, interest, token) == 0 else {
      let error = SystemError("epoll_ctl")
      freeSlots.append(index)
      queue.async { watch.onBroken(error) }
      return nil
    }
    slots[index].watch = watch
    return token
  }

  fileprivate func change(_ watch: SocketWatch, interest: UInt32, token: UInt64) {
    guard moe_poll_change(descriptor, watch.descriptor, interest, token) == 0 else {
      preconditionFailure("\(SystemError("epoll_ctl")): descriptor \(watch.descriptor)")
    }
  }

  fileprivate func remove(_ watch: SocketWatch, token: UInt64) {
    let index = Int(truncatingIfNeeded: token & 0xFFFF_FFFF)
    _ = moe_poll_remove(descriptor, watch.descriptor)
    slots[index].watch = nil
    slots[index].generation &+= 1
    freeSlots.append(index)
  }

  private func serve() {
    for _ in 0..<Self.roundsAtOnce {
      let count = Int(moe_poll_ready(descriptor, events.baseAddress, Int32(events.count)))
      guard count > 0 else { return }
      for event in events[..<count] {
        let slot = slots[Int(truncatingIfNeeded: event.token & 0xFFFF_FFFF)]
        // Handlers before this one may have closed the socket, and another may have its place.
        guard let watch = slot.watch, UInt64(slot.generation) == event.token >> 32 else { continue }
        watch.ready(event.events)
      }
      // Not full: nothing else was ready a moment ago, and what has become ready since wakes us again.
      if count < events.count { return }
    }
  }
}

/// A socket, and what is to be done when it is ready; owns the descriptor. On the io queue only.
// @unchecked: everything that changes is touched on the io queue only.
final class SocketWatch: @unchecked Sendable {
  let descriptor: Int32
  private let poller: Poller
  private var interest: UInt32 = 0
  /// Nil while it is not registered.
  private var token: UInt64?
  private var isClosed = false

  /// There is something to read, or the end of it.
  var onReadable: () -> Void = {}
  /// More can be written, or nothing at all any more.
  var onWritable: () -> Void = {}
  /// The connection is gone, at a time when nobody reads or writes; or the system refuses to watch it, and why.
  var onBroken: (SystemError?) -> Void = { _ in }

  init(owning descriptor: Int32, poller: Poller) {
    self.descriptor = descriptor
    self.poller = poller
  }

  deinit {
    // While it is registered the poller holds it.
    if !isClosed { close(descriptor) }
  }

  func watchReading(_ isOn: Bool) { setInterest(UInt32(MOE_POLL_IN), isOn) }

  func watchWriting(_ isOn: Bool) { setInterest(UInt32(MOE_POLL_OUT), isOn) }

  /// Closes the descriptor and drops the handlers.
  func cancel() {
    guard !isClosed else { return }
    isClosed = true
    if let token { poller.remove(self, token: token) }
    token = nil
    onReadable = {}
    onWritable = {}
    onBroken = { _ in }
    close(descriptor)
  }

  private func setInterest(_ bit: UInt32, _ isOn: Bool) {
    let wanted = isOn ? interest | bit : interest & ~bit
    guard !isClosed, wanted != interest else { return }
    if let token {
      poller.change(self, interest: wanted, token: token)
    } else {
      token = poller.add(self, interest: wanted)
    }
    interest = wanted
  }

  fileprivate func ready(_ events: UInt32) {
    let isGone = events & UInt32(MOE_POLL_ERROR | MOE_POLL_HANGUP) != 0
    // Reading or writing finds out what has happened to a connection that is gone.
    let readable = isGone ? interest : events & interest
    if readable & UInt32(MOE_POLL_IN) != 0 { onReadable() }
    if !isClosed, readable & interest & UInt32(MOE_POLL_OUT) != 0 { onWritable() }
    // It would say so for ever.
    if !isClosed, isGone, interest == 0 { onBroken(nil) }
  }
}
