package import WireProtocol

/// One TCP connection that carries frames. All members: on the io queue only.
///
/// It lives until it is closed, whether anybody else holds it or not.
// @unchecked: everything that changes is touched on the io queue only, which each entry asserts.
package final class Connection: @unchecked Sendable {
  package struct Options: Sendable {
    /// What may wait to be written before the other side is cut off; a single frame may be larger.
    package var maximumQueuedBytes = 32 << 20
    /// From so much on that waits to be written, a connection whose owner ``Connection/throttlesReading`` is not read,
    /// until less than a quarter of it is left.
    package var throttledBytes = 1 << 20
    /// Makes what stands between frames and socket, for the address that was dialled or, without one, the side that
    /// listens; nil sends plainly.
    package var transform: (@Sendable (_ dialled: SocketAddress?) throws -> any ByteTransform)?

    package init() {}
  }

  enum State {
    /// Until ``start()``; then ``open`` or ``closed``.
    case idle
    /// Then ``lingering`` or ``closed``.
    case open
    /// Nothing is delivered any more; what is queued is still written. Then ``closed``.
    case lingering
    case closed
  }

  package let io: IOQueue
  package let peerAddress: SocketAddress
  package let localAddress: SocketAddress
  let options: Options
  let socket: SocketWatch
  /// As the user wrote it; nil where the other side has dialled.
  let dialled: SocketAddress?

  /// Called for every frame.
  package var onFrame: ((FrameBuffer) -> Void)?
  /// Called exactly once, after which nothing else is called.
  package var onClose: ((CloseReason) -> Void)?
  /// The listener's, which counts its connections.
  var onRelease: (() -> Void)?
  /// The listener's, and what of it this connection has.
  var frameMemory: FrameMemory?
  var frameBytesHeld = 0

  private(set) var state = State.idle
  var decoder = FrameDecoder(limits: .beforeHello)
  var transform: (any ByteTransform)?
  var queue = SendQueue()
  /// Whether reading rests because too much waits to be written.
  var isThrottled = false
  /// For the side that answers: the other side's questions are not read while it does not read the answers. Never for both
  /// sides of a connection, which could wait for each other.
  package var throttlesReading = false
  /// Bytes that had come when reading came to rest.
  var backlog: [UInt8] = []
  var isFlushPending = false
  /// Whether the last moment of ``State/lingering`` has begun.
  private var isEnding = false
  /// When something last came or, while reading is throttled, was taken off our hands.
  package internal(set) var lastHeard = MonotonicTime.now

  init(socket: SocketWatch, io: IOQueue, options: Options, dialled: SocketAddress?) {
    self.socket = socket
    self.io = io
    self.options = options
    self.dialled = dialled
    peerAddress = Socket.peerAddress(socket.descriptor).socketAddress
    localAddress = Socket.localAddress(socket.descriptor).socketAddress
  }

  /// Over a socket that is connected already, one of a pair for instance, whose descriptor it takes over.
  package convenience init(owning descriptor: Int32, io: IOQueue, options: Options = .init()) {
    Socket.makeNonBlocking(descriptor)
    self.init(socket: SocketWatch(owning: descriptor, poller: io.poller), io: io, options: options, dialled: nil)
  }

  /// What the decoder accepts; a change holds from the next frame on.
  package var limits: FrameLimits {
    get { decoder.limits }
    set { decoder.limits = newValue }
  }

  package var isClosed: Bool { state == .closed || state == .lingering }

  /// What waits to be written.
  package var bytesQueued: Int { queue.byteCount }

  /// Starts to read; ``onFrame`` and ``onClose`` are set before.
  package func start() {
    io.assertCurrent()
    guard state == .idle else { return }
    state = .open
    lastHeard = .now
    socket.onReadable = { self.readable() }
    socket.onWritable = { self.flush() }
    socket.onBroken = { error in
      let error = error ?? Socket.pendingError(self.socket.descriptor)
      self.finish(error.map { .system(call: $0.call, errno: $0.errno) } ?? .endOfStream)
    }
    do {
      if let make = options.transform {
        let transform = try make(dialled)
        var output = TransformOutput()
        try transform.start(&output)
        self.transform = transform
        enqueue(output.toSend)
      }
    } catch {
      return finish(.transform("\(error)"))
    }
    socket.watchReading(true)
  }

  /// Closes it at once; what is queued is lost.
  package func close(_ why: String) {
    io.assertCurrent()
    sayFarewell()
    // No further than the socket takes it: nobody waits for a farewell.
    if transform != nil { flush() }
    finish(.local(why))
  }

  /// Delivers nothing more and closes when what is queued has been written.
  package func closeAfterFlush(_ why: String) { closeAfterFlush(.local(why)) }

  /// Delivers nothing more and closes when what is queued has been written, or the other side has not read it for
  /// ``flushTime``; then waits a moment for the other side to close first, because unread bytes would make the system
  /// withdraw what was written last.
  func closeAfterFlush(_ reason: CloseReason) {
    io.assertCurrent()
    sayFarewell()
    guard state == .open else { return finish(reason) }
    state = .lingering
    backlog = []
    isThrottled = false
    socket.watchReading(true)
    reportClose(reason)
    if queue.isEmpty { linger() } else { io.after(Self.flushTime) { [weak self] in self?.linger() } }
  }

  private static let flushTime = Duration.seconds(5)
  private static let lingerTime = Duration.milliseconds(250)

  /// Nothing waits to be written any more, or not for any longer: the other side has a moment to close.
  func linger() {
    guard state == .lingering, !isEnding else { return }
    isEnding = true
    io.after(Self.lingerTime) { [weak self] in self?.release() }
  }

  /// What the transform says at the end of an open connection.
  private func sayFarewell() {
    guard state == .open, let transform else { return }
    var output = TransformOutput()
    transform.close(&output)
    enqueue(output.toSend)
  }

  /// Ends the connection for that reason, unless it has ended before.
  func finish(_ reason: CloseReason) {
    guard state != .closed else { return }
    if state != .lingering { reportClose(reason) }
    release()
  }

  private func release() {
    guard state != .closed else { return }
    state = .closed
    socket.cancel()
    queue.removeAll()
    backlog = []
    decoder = FrameDecoder(limits: .beforeHello)
    transform = nil
    onFrame = nil
    countFrameMemory()
    onRelease?()
    onRelease = nil
  }

  /// Never from within a call of the owner's: a handler that closes what its owner is using is hard to get right.
  private func reportClose(_ reason: CloseReason) {
    onFrame = nil
    io.async {
      let handler = self.onClose
      self.onClose = nil
      handler?(reason)
    }
  }
}
