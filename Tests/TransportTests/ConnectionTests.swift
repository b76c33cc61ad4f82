import Glibc
import Synchronization
import Testing
import Transport
import WireProtocol

@Suite(.timeLimit(.minutes(2))) struct ConnectionTests {
  @Test func `frames of all sizes come back as they were`() async throws {
    let io = makeIO()
    let listener = try echoListener(io: io)
    let connection = try await connect(to: listener.address, io: io)
    let received = Events<FrameBuffer>()
    let sent = [
      ping(1), bulk(1 << 10, requestID: 2), bulk(1 << 20, requestID: 3), ping(4), bulk(15 << 20, requestID: 5),
    ]
    await io.run {
      connection.limits = .standard
      connection.onFrame = { received.add($0) }
      connection.start()
      for frame in sent { connection.send(frame) }
    }
    for frame in sent {
      let echo = await received.next()
      #expect(echo?.header == frame.header)
      #expect(echo?.bytes == frame.bytes)
    }
    await io.run {
      connection.close("done")
      listener.close()
    }
  }

  @Test func `ten thousand frames sent together arrive in order`() async throws {
    let io = makeIO()
    let listener = try echoListener(io: io)
    let connection = try await connect(to: listener.address, io: io)
    let done = Events<Bool>()
    await io.run {
      var expected: UInt64 = 0
      var isInOrder = true
      connection.onFrame = { frame in
        isInOrder = isInOrder && frame.requestID == expected
        expected += 1
        if expected == 10_000 { done.add(isInOrder) }
      }
      connection.start()
      io.coalescingWrites { for index in 0..<10_000 { connection.send(ping(0, requestID: UInt64(index))) } }
    }
    #expect(await done.next() == true)
    await io.run {
      connection.close("done")
      listener.close()
    }
  }

  @Test func `IPv6 works like IPv4`() async throws {
    let io = makeIO()
    let listener = try echoListener(SocketAddress(host: "::1", port: 0), io: io)
    #expect(listener.address.description.hasPrefix("[::1]:"))
    let connection = try await connect(to: listener.address, io: io)
    #expect(connection.peerAddress == listener.address)
    let received = Events<FrameBuffer>()
    await io.run {
      connection.onFrame = { received.add($0) }
      connection.start()
      connection.send(ping(7))
    }
    #expect(await received.next()?.bytes == ping(7).bytes)
    await io.run {
      connection.close("done")
      listener.close()
    }
  }

  @Test func `a name is resolved at the dial`() async throws {
    let io = makeIO()
    let listener = try echoListener(io: io)
    let connection = try await connect(to: SocketAddress(host: "localhost", port: listener.address.port), io: io)
    #expect(connection.peerAddress.port == listener.address.port)
    await io.run {
      connection.close("done")
      listener.close()
    }
  }

  @Test func `a slow reader is cut off and holds no more memory than the bound`() async throws {
    let io = makeIO()
    let closed = Events<CloseReason>()
    let most = Mutex(0)
    var options = Listener.Options()
    options.connection.maximumQueuedBytes = 1 << 20
    let listener = try Listener(address: anyPort, io: io, options: options) { connection in
      connection.onClose = { closed.add($0) }
      connection.start()
      let frame = bulk(64 << 10, requestID: 1)
      while !connection.isClosed {
        connection.send(frame)
        most.withLock { $0 = max($0, connection.bytesQueued) }
      }
    }
    let client = RawClient(listener.address)
    guard case .slowReader(let bytes) = await closed.next() else { throw Unexpected("another reason") }
    #expect((1 << 20...(1 << 20) + (65 << 10)).contains(bytes))
    #expect(most.withLock { $0 } <= 1 << 20)
    withExtendedLifetime(client) {}
    await io.run { listener.close() }
  }

  @Test func `what was sent before the end arrives, also where the other side takes its time`() async throws {
    let io = makeIO()
    let closed = Events<CloseReason>()
    let listener = try Listener(address: anyPort, io: io) { connection in
      connection.onClose = { closed.add($0) }
      connection.start()
      // More than sockets hold.
      for id in 1...100 as ClosedRange<UInt64> { connection.send(bulk(200 << 10, requestID: id)) }
      connection.closeAfterFlush("said all")
    }
    let client = RawClient(listener.address)
    #expect(await closed.next() == .local("said all"))
    // Longer than the moment after the last byte.
    await withCheckedContinuation { continuation in
      io.async { io.after(.milliseconds(400)) { continuation.resume() } }
    }
    #expect(client.frames().map(\.requestID) == Array(1...100))
    await io.run { listener.close() }
  }

  @Test func `who does not read the answers is asked no more questions, and loses none`() async throws {
    let io = makeIO()
    let most = Mutex(0)
    var options = Listener.Options()
    options.connection.throttledBytes = 256 << 10
    options.connection.maximumQueuedBytes = 1 << 20
    let listener = try Listener(address: anyPort, io: io, options: options) { connection in
      connection.throttlesReading = true
      connection.onFrame = { [unowned connection] frame in
        connection.send(bulk(64 << 10, requestID: frame.requestID))
        most.withLock { $0 = max($0, connection.bytesQueued) }
      }
      connection.start()
    }
    let client = RawClient(listener.address)
    // Together the answers are far more than what may wait.
    client.send((1...400).flatMap { ping(0, requestID: $0).bytes })
    let answer = bulk(64 << 10, requestID: 1)
    #expect(client.frames(atMost: 400).map(\.requestID) == Array(1...400))
    #expect(most.withLock { $0 } <= (256 << 10) + 2 * answer.count)
    await io.run { listener.close() }
  }

  @Test func `whoever is not read gives signs of life by taking what it is sent`() async throws {
    let io = makeIO()
    let server = Events<Connection>()
    let listener = try Listener(address: anyPort, io: io) { connection in
      connection.throttlesReading = true
      connection.start()
      server.add(connection)
    }
    let client = RawClient(listener.address)
    let connection = try #require(await server.next())
    let before = await io.run {
      // More than sockets hold.
      for id in 1...100 as ClosedRange<UInt64> { connection.send(bulk(200 << 10, requestID: id)) }
      return connection.lastHeard
    }
    // Few, so that most of the rest has to wait, whatever sockets hold.
    #expect(client.frames(atMost: 10).count == 10)
    while !Task.isCancelled, await io.run({ connection.lastHeard }) == before { await Task.yield() }
    #expect(await io.run { connection.lastHeard > before })
    #expect(await io.run { connection.bytesQueued } > 1 << 20, "it still is not read")
    await io.run {
      connection.close("done")
      listener.close()
    }
  }

  @Test func `garbage is answered with an error and the connection is closed`() async throws {
    let io = makeIO()
    let closed = Events<CloseReason>()
    let listener = try Listener(address: anyPort, io: io) { connection in
      connection.onClose = { closed.add($0) }
      connection.start()
    }
    let client = RawClient(listener.address)
    client.send(Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
    let frames = client.frames()
    guard case .error(let error) = try frames.first.map({ try Message(decoding: $0) }) else {
      throw Unexpected("no error came: \(frames)")
    }
    #expect(error.code == .badRequest)
    #expect(error.message == "frame: magic: expected 4d 4f 45 31 (MOE1), received 47 45 54 20")
    #expect(await closed.next() == .violation(error))
    await io.run { listener.close() }
  }

  @Test func `garbage in the middle of good frames is answered after them`() async throws {
    let io = makeIO()
    let listener = try echoListener(io: io)
    let client = RawClient(listener.address)
    var damaged = ping(3).bytes
    damaged[35] ^= 1
    client.send(ping(1).bytes + ping(2).bytes + damaged + ping(4).bytes)
    let frames = client.frames()
    #expect(frames.map(\.type) == [.ping, .ping, .error])
    await io.run { listener.close() }
  }

  @Test func `the end of the stream closes the connection`() async throws {
    let io = makeIO()
    let closed = Events<CloseReason>()
    let listener = try Listener(address: anyPort, io: io) { connection in
      connection.onClose = { closed.add($0) }
      connection.start()
    }
    do { _ = RawClient(listener.address) }
    #expect(await closed.next() == .endOfStream)
    await io.run { listener.close() }
  }

  @Test func `a connection that is reset closes, also while nobody reads from it`() async throws {
    let io = makeIO()
    for rests in [false, true] {
      let started = Events<Bool>()
      let closed = Events<CloseReason>()
      let listener = try Listener(address: anyPort, io: io) { connection in
        connection.onClose = { closed.add($0) }
        connection.start()
        connection.throttlesReading = rests
        // More than sockets hold.
        if rests { for id in 1...100 as ClosedRange<UInt64> { connection.send(bulk(200 << 10, requestID: id)) } }
        started.add(true)
      }
      let client = RawClient(listener.address)
      _ = await started.next()
      client.reset()
      let reason = await closed.next()
      let reset = ["read", "send", "connect"].map { CloseReason.system(call: $0, errno: ECONNRESET) }
      #expect(reset.contains { $0 == reason }, "\(reason as Any)")
      await io.run { listener.close() }
    }
  }

  /// With a dispatch source a socket this ends the process now and then: see `Poller`.
  @Test func `resets while other connections come and go harm nobody`() async throws {
    let io = makeIO()
    let others = [makeIO("first"), makeIO("second")]
    let listener = try echoListener(io: io)
    await withTaskGroup(of: Void.self) { group in
      for other in others {
        group.addTask {
          for index in 0..<500 {
            guard let connection = try? await connect(to: listener.address, io: other) else { continue }
            await other.run {
              connection.start()
              connection.send(ping(UInt64(index)))
              connection.close("at once")
            }
          }
        }
      }
      group.addTask {
        for index in 0..<1_000 {
          let client = RawClient(listener.address)
          client.send(ping(UInt64(index)).bytes)
          client.reset()
        }
      }
    }
    while await io.run({ listener.connectionCount }) > 0 { await Task.yield() }
    await io.run { listener.close() }
  }

  @Test func `a byte transform sees every byte of both directions`() async throws {
    let io = makeIO()
    var options = Listener.Options()
    options.connection.transform = { _ in Veil() }
    let listener = try Listener(address: anyPort, io: io, options: options) { connection in
      connection.limits = .standard
      connection.onFrame = { [unowned connection] in connection.send($0) }
      connection.start()
    }
    let connection = try await withCheckedThrowingContinuation { continuation in
      Connection.connect(to: listener.address, io: io, options: options.connection) { continuation.resume(with: $0) }
    }
    let received = Events<FrameBuffer>()
    let sent = [ping(1), bulk(200 << 10, requestID: 2), ping(3)]
    await io.run {
      connection.limits = .standard
      connection.onFrame = { received.add($0) }
      connection.start()
      for frame in sent { connection.send(frame) }
    }
    for frame in sent { #expect(await received.next()?.bytes == frame.bytes) }
    // Whoever does not speak through the transform is no peer.
    let client = RawClient(listener.address)
    client.send(ping(9).bytes)
    #expect(client.frames().isEmpty)
    await io.run {
      connection.close("done")
      listener.close()
    }
  }

  /// Inverts every byte, after a greeting of its own.
  private final class Veil: ByteTransform {
    private struct BadGreeting: Error {}
    private var isGreeted = false

    func start(_ output: inout TransformOutput) { output.toSend = [0xA5] }

    func receive(_ bytes: UnsafeRawBufferPointer, _ output: inout TransformOutput) throws {
      var bytes = bytes[...]
      if !isGreeted {
        guard bytes.popFirst() == 0xA5 else { throw BadGreeting() }
        isGreeted = true
      }
      output.received += bytes.map { ~$0 }
    }

    func send(_ bytes: UnsafeRawBufferPointer, _ output: inout TransformOutput) { output.toSend += bytes.map { ~$0 } }
    func close(_ output: inout TransformOutput) {}
    func endOfInput() {}
    func check(_ hello: Hello) {}
  }
}
