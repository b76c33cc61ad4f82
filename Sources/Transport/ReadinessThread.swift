internal import Dispatch
internal import Glibc

/// Waits for one descriptor, a ``Poller``'s, on a thread of its own and runs its handler on the io queue: a queue with
/// nothing else to do runs it on that very thread.
///
/// A dispatch source would have libdispatch's manager thread wake up first and then wake a thread of the pool; each wake-up
/// of an idle processor costs tens of microseconds, and an inference has four such events. Nothing but the handler's way to
/// the queue differs.
final class ReadinessThread {
  /// The writing end of a pipe whose closing ends the thread.
  private let alive: Int32

  /// - Throws: where the system has no descriptors or no thread left; `descriptor` is then still the caller's.
  init(owning descriptor: Int32, queue: DispatchQueue, onReadable: @escaping () -> Void) throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw SystemError("pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    alive = ends[1]
    let loop = Unmanaged.passRetained(
      Loop(descriptor: descriptor, stop: ends[0], queue: queue, onReadable: onReadable))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Loop>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, loop.toOpaque())
    guard status == 0 else {
      loop.release()
      close(ends[0])
      throw SystemError("pthread_create", errno: status)
    }
    pthread_detach(thread)
  }

  deinit { close(alive) }

  /// What the thread owns: it closes both descriptors when it ends.
  private final class Loop {
    private let descriptor: Int32
    private let stop: Int32
    private let queue: DispatchQueue
    private let onReadable: () -> Void

    init(descriptor: Int32, stop: Int32, queue: DispatchQueue, onReadable: @escaping () -> Void) {
      self.descriptor = descriptor
      self.stop = stop
      self.queue = queue
      self.onReadable = onReadable
    }

    func run() {
      var watched = [
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: stop, events: Int16(POLLIN), revents: 0),
      ]
      while true {
        let count = poll(&watched, 2, -1)
        if watched[1].revents != 0 { break }
        if count > 0 { queue.sync(execute: onReadable) }
      }
      close(descriptor)
      close(stop)
    }
  }
}
