internal import Glibc
internal import WireProtocol

extension Connection {
  /// Bytes that one connection may read before the others have their turn.
  private static let fairShare = 256 << 10
  /// What is still missing of a frame from this size on is read straight into its place.
  private static let directThreshold = 16 << 10

  /// Stops reading, at the latest after the frame that is being delivered.
  package func pauseReading() {
    io.assertCurrent()
    guard state == .open, !isReadingPaused else { return }
    isReadingPaused = true
    socket.watchReading(false)
  }

  package func resumeReading() {
    io.assertCurrent()
    guard state == .open, isReadingPaused else { return }
    isReadingPaused = false
    // Its silence was ours.
    lastHeard = .now
    if backlog.isEmpty {
      socket.watchReading(true)
    } else {
      // Not at once: the caller is in the middle of something.
      io.async { self.deliverBacklog() }
    }
  }

  func readable() {
    var share = Self.fairShare
    while share > 0, state == .open, !isReadingPaused {
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
        while state == .open, !isReadingPaused, let frame = try decoder.next(from: &input) { onFrame?(frame) }
      } catch {
        violation(error.protocolError)
      }
    }
    if state == .open { backlog.append(contentsOf: input) }
  }

  private func deliverBacklog() {
    guard state == .open, !isReadingPaused else { return }
    let bytes = backlog
    backlog = []
    bytes.withUnsafeBytes { deliver($0) }
    if state == .open, !isReadingPaused { socket.watchReading(true) }
  }

  /// Reads what nobody wants any more, until the other side closes.
  private func discard() {
    while state == .lingering {
      let count = read(socket.descriptor, io.scratch.baseAddress, io.scratch.count)
      if count > 0 { continue }
      if count < 0, errno == EAGAIN || errno == EINTR { return }
      return finish(.endOfStream)
    }
  }
}
