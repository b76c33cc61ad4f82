internal import Glibc
internal import Logging

/// Accepts connections at one address.
// @unchecked: everything that changes is touched on the io queue only.
package final class Listener: @unchecked Sendable {
  package struct Options: Sendable {
    package var connection = Connection.Options()
    /// More are closed as soon as they come.
    package var maximumConnections = 4096
    /// What all of them hold together for frames that have not come whole; beyond, one whose frame grows further is closed.
    /// The first 64 KiB of each do not matter.
    package var maximumFrameMemory = 1 << 30

    package init() {}
  }

  /// Accepted before the connections that exist have their turn.
  private static let acceptsInARow = 64
  /// How long to leave connections waiting when the process or the system has no descriptors or memory left.
  private static let exhaustionPause = Duration.milliseconds(100)

  /// The actual one, also where port 0 was asked for.
  package let address: SocketAddress
  private let io: IOQueue
  private let options: Options
  private let socket: SocketWatch
  private let onAccept: (Connection) -> Void
  private var isClosed = false
  private var isExhausted = false
  private var isFull = false
  package private(set) var connectionCount = 0
  private let frameMemory: FrameMemory

  /// What the connections hold for frames that have not come whole.
  package var bytesHeldForFrames: Int { frameMemory.bytes }

  /// Binds at once, on the caller's thread; accepts from then on.
  ///
  /// - Parameter onAccept: called on the io queue with a connection that has not started to read.
  package init(
    address: SocketAddress, io: IOQueue, options: Options = .init(),
    onAccept: @escaping @Sendable (Connection) -> Void
  ) throws(TransportError) {
    var problem = TransportError.cannotListen(address, problem: "no address")
    var bound: Int32?
    for candidate in try ResolvedAddress.all(of: address, passive: true) where bound == nil {
      do throws(SystemError) {
        bound = try Socket.listening(at: candidate)
      } catch {
        problem = .cannotListen(address, problem: error.reason)
      }
    }
    guard let bound else { throw problem }
    self.io = io
    self.options = options
    frameMemory = FrameMemory(maximumBytes: options.maximumFrameMemory)
    self.onAccept = onAccept
    self.address = SocketAddress(
      host: address.host, port: Socket.localAddress(bound).socketAddress.port)
    socket = SocketWatch(owning: bound, poller: io.poller)
    io.async {
      guard !self.isClosed else { return }
      self.socket.onReadable = { self.acceptWaiting() }
      self.socket.onBroken = { io.logger.error("\(self.address): \($0.map { "\($0)" } ?? "hung up")") }
      self.socket.watchReading(true)
    }
  }

  /// Stops accepting; the connections live on. On the io queue only.
  package func close() {
    io.assertCurrent()
    isClosed = true
    socket.cancel()
  }

  private func acceptWaiting() {
    for _ in 0..<Self.acceptsInARow {
      guard !isClosed else { return }
      do throws(SystemError) {
        guard let descriptor = try Socket.accept(from: socket.descriptor) else { return }
        isExhausted = false
        accept(descriptor)
      } catch {
        guard [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error.errno) else {
          io.logger.warning("\(address): \(error)")
          continue
        }
        return pause(after: error)
      }
    }
  }

  private func accept(_ descriptor: Int32) {
    guard connectionCount < options.maximumConnections else {
      // Once, not for every one of a flood.
      if !isFull {
        io.logger.warning("\(address): \(connectionCount) connections are open already: more are closed at once")
      }
      isFull = true
      _ = Glibc.close(descriptor)
      return
    }
    isFull = false
    let connection = Connection(
      socket: SocketWatch(owning: descriptor, poller: io.poller), io: io, options: options.connection,
      dialled: nil)
    connection.frameMemory = frameMemory
    connectionCount += 1
    connection.onRelease = { [weak self] in self?.connectionCount -= 1 }
    onAccept(connection)
  }

  /// Trying again at once would only spin: the waiting connection stays readable.
  private func pause(after error: SystemError) {
    if !isExhausted { io.logger.warning("\(address): \(error): accepting no connections for now") }
    isExhausted = true
    socket.watchReading(false)
    io.after(Self.exhaustionPause) { [weak self] in
      guard let self, !isClosed else { return }
      socket.watchReading(true)
    }
  }
}
