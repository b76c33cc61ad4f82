package import WireProtocol

/// One TCP connection that carries frames. All members: on the io queue only.
package final class Connection: @unchecked Sendable {
  package struct Options: Sendable {
    /// What may wait to be written before the other side is cut off; one frame alone may be larger.
    package var maximumQueuedBytes = 32 << 20
    package init() {}
  }

  package let io: IOQueue
  package let peerAddress: SocketAddress
  package let localAddress: SocketAddress

  /// Called for every frame.
  package var onFrame: ((FrameBuffer) -> Void)?
  /// Called exactly once, after which nothing else is called.
  package var onClose: ((CloseReason) -> Void)?
  /// What the decoder accepts; may be changed at any time.
  package var limits: FrameLimits = .beforeHello
  package var isClosed: Bool { fatalError() }
  /// What waits to be written.
  package var bytesQueued: Int { fatalError() }

  init(io: IOQueue, peerAddress: SocketAddress, localAddress: SocketAddress) {
    self.io = io
    self.peerAddress = peerAddress
    self.localAddress = localAddress
  }

  /// Starts to read; ``onFrame`` and ``onClose`` are set before.
  package func start() { fatalError() }

  /// Writes at once what the socket takes and queues the rest; a closed connection drops it.
  package func send(_ frame: FrameBuffer) { fatalError() }

  /// Closes it after what is queued has been written, or after a second.
  package func closeAfterFlush(_ why: String) { fatalError() }

  /// Closes it at once.
  package func close(_ why: String) { fatalError() }

  package func pauseReading() { fatalError() }
  package func resumeReading() { fatalError() }
}
