internal import Dispatch
internal import Glibc

// All of the program's dispatch sources are made here: their rules (activate before release, resume after cancel, close
// in the last cancel handler) are easy to break, and easier to keep in one place.

/// A socket and the sources that watch it; owns the descriptor. On one queue only.
final class SocketSources {
  let descriptor: Int32
  private let queue: DispatchQueue
  private let cancelled = DispatchGroup()
  private var reader: (source: any DispatchSourceRead, isSuspended: Bool)?
  private var writer: (source: any DispatchSourceWrite, isSuspended: Bool)?
  private var isCancelled = false

  /// May be replaced at any time; both are dropped when the sources are cancelled.
  var onReadable: () -> Void = {}
  var onWritable: () -> Void = {}

  init(owning descriptor: Int32, queue: DispatchQueue) {
    self.descriptor = descriptor
    self.queue = queue
  }

  deinit {
    // Sources keep this object alive, so that there are none here.
    if !isCancelled { close(descriptor) }
  }

  /// Asks for ``onReadable`` whenever there is something to read.
  func watchReading(_ isOn: Bool) {
    guard !isCancelled, isOn == (reader?.isSuspended ?? true) else { return }
    if let reader {
      isOn ? reader.source.resume() : reader.source.suspend()
      self.reader?.isSuspended = !isOn
    } else {
      let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
      source.setEventHandler { self.onReadable() }
      source.setCancelHandler { [cancelled] in cancelled.leave() }
      cancelled.enter()
      source.activate()
      reader = (source, false)
    }
  }

  /// Asks for ``onWritable`` whenever the socket takes more.
  func watchWriting(_ isOn: Bool) {
    guard !isCancelled, isOn == (writer?.isSuspended ?? true) else { return }
    if let writer {
      isOn ? writer.source.resume() : writer.source.suspend()
      self.writer?.isSuspended = !isOn
    } else {
      let source = DispatchSource.makeWriteSource(fileDescriptor: descriptor, queue: queue)
      source.setEventHandler { self.onWritable() }
      source.setCancelHandler { [cancelled] in cancelled.leave() }
      cancelled.enter()
      source.activate()
      writer = (source, false)
    }
  }

  /// Ends both sources; the descriptor is closed when the last has ended.
  func cancel() {
    guard !isCancelled else { return }
    isCancelled = true
    if let reader {
      reader.source.cancel()
      // A suspended source neither ends nor may be released.
      if reader.isSuspended { reader.source.resume() }
    }
    if let writer {
      writer.source.cancel()
      if writer.isSuspended { writer.source.resume() }
    }
    reader = nil
    writer = nil
    onReadable = {}
    onWritable = {}
    cancelled.notify(queue: queue) { [descriptor] in _ = close(descriptor) }
  }
}

/// One timer that is set again and again.
final class ClockSource {
  private let source: any DispatchSourceTimer

  init(queue: DispatchQueue, onFire: @escaping () -> Void) {
    source = DispatchSource.makeTimerSource(flags: .strict, queue: queue)
    source.setEventHandler(handler: onFire)
    source.schedule(deadline: .distantFuture)
    source.activate()
  }

  deinit { source.cancel() }

  func set(inNanoseconds delay: UInt64) {
    let bounded = Int(min(delay, 1 << 60))
    source.schedule(deadline: .now() + .nanoseconds(bounded), leeway: .nanoseconds(0))
  }
}

/// Watches one signal, which then no longer does what it does by default.
final class SignalSource {
  private let source: any DispatchSourceSignal

  /// - Parameter onWatching: from then on the signal does nothing else; until then it does what it does by default.
  init(
    _ number: Int32, queue: DispatchQueue, onWatching: @escaping () -> Void, onSignal: @escaping () -> Void
  ) {
    // The disposition is left alone: on Linux the source installs a handler of its own, without which it sees nothing.
    source = DispatchSource.makeSignalSource(signal: number, queue: queue)
    source.setRegistrationHandler(handler: onWatching)
    source.setEventHandler(handler: onSignal)
    source.activate()
  }
}
