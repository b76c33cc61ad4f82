internal import Glibc
package import WireProtocol

extension Connection {
  /// Writes at once what the socket takes and queues the rest; a closed connection drops it.
  ///
  /// Where more than the bound would wait, the other side is cut off: it reads too slowly.
  package func send(_ frame: FrameBuffer) {
    io.assertCurrent()
    guard state == .open else { return }
    if let transform {
      var output = TransformOutput()
      do {
        try frame.withBytes { try transform.send($0, &output) }
      } catch {
        return finish(.transform("\(error)"))
      }
      enqueue(output.toSend)
    } else {
      enqueue(SendQueue.Piece(bytes: frame.storage.bytes, keeper: frame.storage))
    }
  }

  /// Bytes that are no frame: those of a transform.
  func enqueue(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    let keeper = AlignedBytes(copying: bytes)
    enqueue(SendQueue.Piece(bytes: keeper.bytes, keeper: keeper))
  }

  private func enqueue(_ piece: SendQueue.Piece) {
    let wasEmpty = queue.isEmpty
    var piece = piece
    if io.isCoalescing {
      if !isFlushPending {
        isFlushPending = true
        io.flushLater(self)
      }
    } else if wasEmpty {
      // The usual case: the socket takes all of it, and nothing is queued.
      let written = Glibc.send(
        socket.descriptor, piece.bytes.baseAddress, piece.bytes.count, Int32(MSG_NOSIGNAL))
      if written == piece.bytes.count { return }
      if written > 0 {
        piece.bytes = UnsafeRawBufferPointer(rebasing: piece.bytes[written...])
      } else if written < 0, errno != EAGAIN, errno != EINTR {
        return finish(.system(call: "send", errno: errno))
      }
      socket.watchWriting(true)
    }
    queue.append(piece)
    if queue.byteCount > options.maximumQueuedBytes, queue.pieceCount > 1 {
      return finish(.slowReader(queuedBytes: queue.byteCount))
    }
    throttle()
  }

  /// Writes what is queued, as much as the socket takes.
  func flush() {
    isFlushPending = false
    guard state == .open || state == .lingering else { return }
    while !queue.isEmpty {
      var offered = 0
      let written = queue.withVectors { vectors, byteCount in
        offered = byteCount
        var message = msghdr()
        message.msg_iov = vectors.baseAddress
        message.msg_iovlen = vectors.count
        return sendmsg(socket.descriptor, &message, Int32(MSG_NOSIGNAL))
      }
      if written > 0 {
        queue.removeFirst(written)
        unthrottle()
      }
      if written < 0, errno == EINTR { continue }
      if written < 0, errno != EAGAIN { return finish(.system(call: "send", errno: errno)) }
      if written < offered { return socket.watchWriting(true) }
    }
    socket.watchWriting(false)
    linger()
  }
}
