internal import Glibc
internal import WireProtocol

extension Connection {
  /// Bytes that one connection may read before the others have their turn.
  private static let fairShare = 256 << 10
  /// What is still missing of a frame from this size on is read straight into its place.
  private static let directThreshold = 16 << 10

  /// Rests reading, at the latest after the frame that is being delivered, while more waits to be written than the other side
  /// has taken.
  func throttle() {
    guard throttlesReading, state == .open, !isThrottled, queue.byteCount > options.throttledBytes else { return }
    isThrottled = true
    socket.watchReading(false)
  }

  /// Notes that the other side has taken something, and reads on when it has taken most of what waited.
  func unthrottle() {
    guard isThrottled, state == .open else { return }
    // What it says meanwhile is not read: that it takes something has to be enough, and that it takes nothing is silence.
    lastHeard = .now
    guard queue.byteCount < options.throttledBytes / 4 else { return }
    isThrottled = false
    if backlog.isEmpty {
      socket.watchReading(true)
    } else {
      // Not at once: the caller is in the middle of something.
      io.async { self.deliverBacklog() }
    }
  }

  func readable() {
    var share = Self.fairShare
    while share > 0, state == .open, !isThrottled, backlog.isEmpty {
      let direct = transform == nil ? decoder.directSpace(atLeast: Self.directThreshold) : nil
      let space = direct ?? io.scratch
      let count = read(socket.descriptor, space.baseAddress, space.count)
      if count > 0 {
        lastHeard = .now
        share -= count
        if direct != nil {
          filledDirectly(count)
        } else {
          receive(UnsafeRawBufferPointer(rebasing: space[..<count]))
        }
        guard countFrameMemory() else { return refuseToGrow() }
        // The socket had no more; should something have come since, the source says so again.
        if count < space.count { return }
      } else if count == 0 {
        return endOfInput()
      } else if errno == EAGAIN {
        return
      } else if errno != EINTR {
        return finish(.system(call: "read", errno: errno))
      }
    }
    if state == .lingering { discard() }
  }

  /// Counts what is held for a frame that is not whole.
  ///
  /// - Returns: false if all of the listener's connections hold too much together.
  @discardableResult
  func countFrameMemory() -> Bool {
    guard let frameMemory, decoder.bytesHeld != frameBytesHeld else { return true }
    defer { frameBytesHeld = decoder.bytesHeld }
    return frameMemory.change(from: frameBytesHeld, to: decoder.bytesHeld)
  }

  private func refuseToGrow() {
    violation(ProtocolError(.busy, "other connections hold all the memory that there is for frames"))
  }

  /// Tells the other side what was wrong, and closes.
  func violation(_ error: ProtocolError) {
    guard state == .open else { return }
    send(Message.error(error).encode(requestID: 0))
    closeAfterFlush(.violation(error))
  }

  private func filledDirectly(_ count: Int) {
    do throws(WireError) {
      if let frame = try decoder.filled(count) { onFrame?(frame) }
    } catch {
      violation(error.protocolError)
    }
  }

  private func receive(_ bytes: UnsafeRawBufferPointer) {
    guard let transform else { return deliver(bytes) }
    var output = TransformOutput()
    let outcome = Result { try transform.receive(bytes, &output) }
    // What it has to say also when it gave up: an alert that tells the other side why.
    enqueue(output.toSend)
    output.received.withUnsafeBytes { deliver($0) }
    guard state == .open else { return }
    if case .failure(let error) = outcome {
      closeAfterFlush(.transform("\(error)"))
    } else if output.isAtEnd {
      finish(.endOfStream)
    }
  }

  private func endOfInput() {
    do {
      try transform?.endOfInput()
      finish(.endOfStream)
    } catch {
      finish(.transform("\(error)"))
    }
  }

  /// Cuts the bytes into frames and hands them over, as long as somebody wants them.
  private func deliver(_ bytes: UnsafeRawBufferPointer) {
    var input = bytes
    // What the handlers send in answer to frames that came together goes out together.
    io.coalescingWrites {
      do throws(WireError) {
        while state == .open, !isThrottled, let frame = try decoder.next(from: &input) { onFrame?(frame) }
      } catch {
        violation(error.protocolError)
      }
    }
    guard state == .open, !input.isEmpty else { return }
    backlog.append(contentsOf: input)
    guard !isThrottled else { return }
    // Reading rested, and what has just been written has resumed it: first what is here, then what the socket has.
    socket.watchReading(false)
    io.async { self.deliverBacklog() }
  }

  private func deliverBacklog() {
    guard state == .open, !isThrottled else { return }
    let bytes = backlog
    backlog = []
    bytes.withUnsafeBytes { deliver($0) }
    if state == .open, !isThrottled, backlog.isEmpty { socket.watchReading(true) }
  }

  /// Reads what nobody wants any more, until the other side closes; no more at once than a fair share.
  private func discard() {
    var share = Self.fairShare
    while share > 0, state == .lingering {
      let count = read(socket.descriptor, io.scratch.baseAddress, io.scratch.count)
      if count > 0 {
        share -= count
        continue
      }
      if count < 0, errno == EAGAIN || errno == EINTR { return }
      return finish(.endOfStream)
    }
  }
}
