import Testing
import Transport
import WireProtocol

@Suite(.timeLimit(.minutes(2))) struct ListenerTests {
  @Test func `a port in use is one clear line`() async throws {
    let io = makeIO()
    let first = try echoListener(io: io)
    let error = #expect(throws: TransportError.self) { try echoListener(first.address, io: io) }
    #expect(error?.description == "cannot listen at \(first.address): address already in use")
    await io.run { first.close() }
  }

  @Test func `an address that is not this machine's is one clear line`() {
    let address = SocketAddress(host: "192.0.2.1", port: 0)
    let error = #expect(throws: TransportError.self) { try echoListener(address, io: makeIO()) }
    #expect(error?.description == "cannot listen at 192.0.2.1:0: cannot assign requested address")
  }

  @Test func `a port that was just given up can be listened at again`() async throws {
    let io = makeIO()
    let first = try echoListener(io: io)
    let connection = try await connect(to: first.address, io: io)
    await io.run {
      connection.start()
      first.close()
    }
    let second = try echoListener(first.address, io: io)
    #expect(second.address == first.address)
    await io.run { second.close() }
  }

  @Test func `connections beyond the most are closed at once`() async throws {
    let io = makeIO()
    var options = Listener.Options()
    options.maximumConnections = 2
    let accepted = Events<Connection>()
    let listener = try Listener(address: anyPort, io: io, options: options) {
      $0.start()
      accepted.add($0)
    }
    let kept = [RawClient(listener.address), RawClient(listener.address)]
    #expect(await accepted.next() != nil)
    #expect(await accepted.next() != nil)
    #expect(RawClient(listener.address).frames().isEmpty)
    #expect(await io.run { listener.connectionCount } == 2)
    withExtendedLifetime(kept) {}
    await io.run { listener.close() }
  }

  @Test func `a thousand connections, opened and closed again and again, leave no descriptor behind`() async throws {
    ResourceLimits.raiseDescriptorLimit()
    let before = openDescriptorCount
    let io = makeIO()
    let listener = try echoListener(io: io)
    for round in 0..<3 {
      var connections: [Connection] = []
      let echoes = Events<UInt64>()
      for index in 0..<1_000 {
        let connection = try await connect(to: listener.address, io: io)
        connections.append(connection)
        await io.run {
          connection.onFrame = { echoes.add($0.requestID) }
          connection.start()
          connection.send(ping(0, requestID: UInt64(index)))
        }
      }
      var sum: UInt64 = 0
      for _ in 0..<1_000 { sum += await echoes.next() ?? 0 }
      #expect(sum == 499_500)
      #expect(await io.run { listener.connectionCount } >= 1_000)
      await io.run { [connections] in
        for (index, connection) in connections.enumerated() where index % 2 == round % 2 { connection.close("done") }
      }
      await io.run { [connections] in for connection in connections { connection.close("done") } }
      while await io.run({ listener.connectionCount }) > 0 { await Task.yield() }
    }
    await io.run { listener.close() }
    // Other tests run meanwhile and have descriptors of their own; three thousand leaked ones would show.
    while openDescriptorCount > before + 300 { await Task.yield() }
  }

  @Test func `connections whose frames do not end hold no more memory together than the bound`() async throws {
    let io = makeIO()
    var options = Listener.Options()
    options.maximumFrameMemory = 300 << 10
    let listener = try Listener(address: anyPort, io: io, options: options) { connection in
      connection.limits = .standard
      connection.onFrame = { [unowned connection] in connection.send($0) }
      connection.start()
    }
    // So far along, a frame of a megabyte has memory of 256 KiB.
    let frame = bulk(1 << 20, requestID: 1).bytes
    let first = RawClient(listener.address)
    first.send(Array(frame[..<(70 << 10)]))
    while await io.run({ listener.bytesHeldForFrames }) < 256 << 10 { await Task.yield() }
    let second = RawClient(listener.address)
    second.send(Array(frame[..<(70 << 10)]))
    guard case .error(let error) = try second.frames().first.map({ try Message(decoding: $0) }) else {
      throw Unexpected("no error came")
    }
    #expect(error.code == .busy && error.isRetryable)
    let small = RawClient(listener.address)
    small.send(ping(7).bytes)
    #expect(small.frames(atMost: 1).map(\.type) == [.ping], "small frames go on")
    while await io.run({ listener.bytesHeldForFrames }) > 256 << 10 { await Task.yield() }
    first.reset()
    while await io.run({ listener.bytesHeldForFrames }) > 0 { await Task.yield() }
    await io.run { listener.close() }
  }
}
