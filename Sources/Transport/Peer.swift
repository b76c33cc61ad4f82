package import WireProtocol

/// A connection whose two sides have said HELLO: knows the other side, watches that it lives, checks what it may send.
///
/// Answers pings itself; what concerns the node goes to ``onFrame``. All members: on the io queue only.
// @unchecked: everything that changes is touched on the io queue only.
package final class Peer: @unchecked Sendable {
  package struct Heartbeat: Sendable, Equatable {
    /// How often to ping a silent peer.
    package var interval: Duration
    /// How long a silent peer counts as alive.
    package var timeout: Duration

    package init(interval: Duration, timeout: Duration) {
      self.interval = interval
      self.timeout = timeout
    }
  }

  package struct Options: Sendable {
    package var connection = Connection.Options()
    package var maximumConnections = 4096
    package var handshakeTimeout: Duration = .seconds(2)
    /// Where one of the two sides is an expert: its work is to be given to others
    /// soon, within 300 ms.
    package var expertHeartbeat = Heartbeat(interval: .milliseconds(75), timeout: .milliseconds(225))
    package var clientHeartbeat = Heartbeat(interval: .seconds(1), timeout: .seconds(5))

    package init() {}
  }

  package let connection: Connection
  /// What this side said.
  package let localHello: Hello
  /// What the other side said; replaced when it says it again.
  package private(set) var hello: Hello
  /// What the two have agreed on.
  package let version: UInt8

  /// Every frame but pings, pongs, another HELLO and errors about the connection.
  package var onFrame: ((FrameBuffer) -> Void)?
  /// Called exactly once, after which nothing else is called.
  package var onClose: ((CloseReason) -> Void)?
  /// The other side has said HELLO again, its detail changed; ``hello`` is the new one.
  package var onHelloChanged: (() -> Void)?
  /// The other side has answered a ping.
  package var onPong: ((_ queueDepth: UInt16, _ roundTripMicroseconds: UInt64) -> Void)?
  /// Told to the other side in pongs.
  package var queueDepth: UInt16 = 0
  /// The dialler's, which dials again.
  var onEnd: (() -> Void)?

  private var liveness: Liveness
  private var heartbeatTimer: TimerHandle?
  private var lastPing: (token: UInt64, sent: MonotonicTime)?
  private var pingCount: UInt64 = 0

  package var role: Role { hello.role }
  package var address: SocketAddress { connection.peerAddress }
  package var io: IOQueue { connection.io }
  package var isClosed: Bool { connection.isClosed }

  init(connection: Connection, localHello: Hello, hello: Hello, version: UInt8, options: Options) {
    self.connection = connection
    self.localHello = localHello
    self.hello = hello
    self.version = version
    let concernsExpert = hello.role == .expert || localHello.role == .expert
    liveness = Liveness(
      heartbeat: concernsExpert ? options.expertHeartbeat : options.clientHeartbeat, now: .now)
    connection.limits = FrameLimits(maximumFrameBytes: Int(localHello.maximumFrameBytes))
    connection.onFrame = { self.receive($0) }
    connection.onClose = { self.ended($0) }
    scheduleHeartbeat()
  }

  // MARK: Sending

  /// Sends it, unless it is larger than the other side takes: then a request's answer becomes an error that says so.
  ///
  /// - Returns: false where it was not sent.
  @discardableResult
  package func send(_ frame: FrameBuffer) -> Bool {
    guard frame.count <= Int(hello.maximumFrameBytes) else {
      if frame.requestID != 0, [.result, .reply, .channelReport, .status].contains(frame.type) {
        let error = ProtocolError(
          .tooLarge, "\(frame.type): \(frame.count) bytes, of which the other side takes \(hello.maximumFrameBytes)")
        connection.send(Message.error(error).encode(requestID: frame.requestID))
      }
      return false
    }
    connection.send(frame)
    return !connection.isClosed
  }

  @discardableResult
  package func send(_ message: Message, requestID: UInt64 = 0, deadlineMicroseconds: UInt32 = 0) -> Bool {
    send(message.encode(requestID: requestID, deadlineMicroseconds: deadlineMicroseconds))
  }

  /// Says HELLO again, with another detail.
  package func announce(_ detail: Hello.Detail) {
    var hello = localHello
    hello.detail = detail
    send(.hello(hello))
  }

  /// Closes it at once; what is queued is lost.
  package func close(_ why: String) { connection.close(why) }

  /// Closes it when what has been sent has been written.
  package func closeAfterFlush(_ why: String) { connection.closeAfterFlush(why) }

  /// Tells the other side why and closes.
  package func close(telling error: ProtocolError) {
    connection.send(Message.error(error).encode(requestID: 0))
    connection.closeAfterFlush(.local("\(error)"))
  }

  // MARK: Receiving

  private func receive(_ frame: FrameBuffer) {
    guard frame.type.isSent(by: hello.role) else {
      return connection.violation(ProtocolError(.badRequest, "\(frame.type): not for a node of role \(hello.role)"))
    }
    if frame.requestID == 0, frame.type.isQuestion {
      return connection.violation(
        ProtocolError(.badRequest, "\(frame.type): request id: expected a number other than 0, received 0"))
    }
    do throws(WireError) {
      switch frame.type {
      case .ping, .pong, .hello: try receiveOwn(try Message(decoding: frame))
      case .error where frame.requestID == 0: try receiveOwn(try Message(decoding: frame))
      default:
        guard (frame.batchCount ?? 0) <= Int(localHello.maximumBatch) else { return refuseBatch(frame) }
        onFrame?(frame)
      }
    } catch {
      connection.violation(error.protocolError)
    }
  }

  private func refuseBatch(_ frame: FrameBuffer) {
    let error = ProtocolError(
      .tooLarge,
      "\(frame.type): expected at most \(localHello.maximumBatch) in one frame, received \(frame.batchCount ?? 0)")
    connection.send(Message.error(error).encode(requestID: frame.requestID))
  }

  private func receiveOwn(_ message: Message) throws(WireError) {
    switch message {
    case .ping(let ping):
      connection.send(Message.pong(Pong(token: ping.token, queueDepth: queueDepth)).encode(requestID: 0))
    case .pong(let pong):
      guard let lastPing, lastPing.token == pong.token else { return }
      self.lastPing = nil
      onPong?(pong.queueDepth, MonotonicTime.now.microseconds(since: lastPing.sent))
    case .hello(let new):
      guard new.role == hello.role, new.nodeID == hello.nodeID, new.generation == hello.generation else {
        let expected = "\(hello.role) \(hello.nodeID), generation \(hello.generation)"
        let received = "\(new.role) \(new.nodeID), generation \(new.generation)"
        return connection.violation(
          ProtocolError(.badRequest, "hello: another node: expected \(expected), received \(received)"))
      }
      do throws(ProtocolError) {
        try connection.transform?.check(new)
      } catch {
        return connection.violation(error)
      }
      hello = new
      onHelloChanged?()
    case .error(let error): connection.finish(.remote(error))
    default: preconditionFailure("\(message.type) is the node's to read")
    }
  }

  // MARK: Living and ending

  private func scheduleHeartbeat() {
    heartbeatTimer = io.after(liveness.heartbeat.interval) { [weak self] in self?.beat() }
  }

  private func beat() {
    guard !connection.isClosed else { return }
    let now = MonotonicTime.now
    switch liveness.tick(now: now, heard: connection.lastHeard) {
    case .dead(let milliseconds): return connection.finish(.silent(milliseconds: milliseconds))
    case .nothing: break
    case .ping:
      pingCount += 1
      lastPing = (pingCount, now)
      connection.send(Message.ping(Ping(token: pingCount)).encode(requestID: 0))
    }
    scheduleHeartbeat()
  }

  private func ended(_ reason: CloseReason) {
    heartbeatTimer?.cancel()
    let (handler, onEnd) = (onClose, onEnd)
    onFrame = nil
    onClose = nil
    onHelloChanged = nil
    onPong = nil
    self.onEnd = nil
    handler?(reason)
    onEnd?()
  }
}
