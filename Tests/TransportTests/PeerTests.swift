import Datasets
import Digests
import Radio
import Testing
import Transport
import WireProtocol

@Suite(.timeLimit(.minutes(2))) struct PeerTests {
  @Test func `two nodes that said hello know each other`() async throws {
    let io = makeIO()
    let pair = try await PeerPair(io: io)
    #expect(pair.dialled.hello.nodeID == "server")
    #expect(pair.accepted.hello.nodeID == "client")
    #expect(pair.dialled.version == 1)
    let received = Events<FrameBuffer>()
    await io.run {
      pair.accepted.onFrame = { received.add($0) }
      pair.dialled.send(.statusRequest, requestID: 5)
    }
    #expect(await received.next()?.requestID == 5)
    await pair.end()
  }

  @Test func `a peer that is refused is told why`() async throws {
    let io = makeIO()
    let refusal = ProtocolError(.wrongModel, "expected 1234, received 5678")
    let listener = try PeerListener(
      address: anyPort, io: io, respond: { _ throws(ProtocolError) in throw refusal }, onPeer: { _ in })
    let results = Events<Result<Peer, TransportError>>()
    Dialler.dialOnce(listener.address, io: io, timeout: .seconds(10), hello: clientHello()) { results.add($0) }
    guard case .failure(let error) = await results.next() else { throw Unexpected("accepted") }
    #expect(error == .refusedByPeer(listener.address, refusal))
    #expect(error.description == "refused by \(listener.address): wrong model: expected 1234, received 5678")
    await io.run { listener.close() }
  }

  @Test func `a dialler that refuses the other side tells it why`() async throws {
    let io = makeIO()
    let closed = Events<CloseReason>()
    let listener = try PeerListener(
      address: anyPort, io: io, respond: { _ in clientHello("server") },
      onPeer: { peer in peer.onClose = { closed.add($0) } })
    let refusal = ProtocolError(.wrongClock, "expected wall, received request")
    let results = Events<Result<Peer, TransportError>>()
    Dialler.dialOnce(
      listener.address, io: io, timeout: .seconds(10), hello: clientHello(),
      verify: { _ throws(ProtocolError) in throw refusal }
    ) { results.add($0) }
    guard case .failure(let error) = await results.next() else { throw Unexpected("accepted") }
    #expect(error == .refused(listener.address, refusal))
    #expect(await closed.next() == .remote(refusal))
    await io.run { listener.close() }
  }

  @Test func `versions without a common one are refused`() async throws {
    let io = makeIO()
    let listener = try PeerListener(
      address: anyPort, io: io, respond: { _ in clientHello("server") }, onPeer: { _ in })
    var hello = clientHello()
    hello.versions = ProtocolVersions(minimum: 2, maximum: 3)
    let results = Events<Result<Peer, TransportError>>()
    Dialler.dialOnce(listener.address, io: io, timeout: .seconds(10), hello: hello) { results.add($0) }
    guard case .failure(.refusedByPeer(_, let error)) = await results.next() else { throw Unexpected("accepted") }
    #expect(error.code == .unsupportedVersion)
    await io.run { listener.close() }
  }

  @Test func `a dialled side that says nothing is given up in time`() async throws {
    let io = makeIO()
    let listener = try Listener(address: anyPort, io: io) { $0.start() }
    let results = Events<Result<Peer, TransportError>>()
    Dialler.dialOnce(listener.address, io: io, timeout: .milliseconds(50), hello: clientHello()) { results.add($0) }
    guard case .failure(let error) = await results.next() else { throw Unexpected("accepted") }
    #expect(error.description == "\(listener.address): timed out while waiting for its hello")
    await io.run { listener.close() }
  }

  @Test func `a dialler that says nothing is told so and closed`() async throws {
    let io = makeIO()
    var options = Peer.Options()
    options.handshakeTimeout = .milliseconds(50)
    let listener = try PeerListener(
      address: anyPort, io: io, options: options, respond: { _ in clientHello("server") }, onPeer: { _ in })
    let frames = RawClient(listener.address).frames()
    guard case .error(let error) = try frames.first.map({ try Message(decoding: $0) }) else {
      throw Unexpected("no error came")
    }
    #expect(error.code == .timeout)
    await io.run { listener.close() }
  }

  @Test func `whoever does not say hello first is refused`() async throws {
    let io = makeIO()
    let listener = try PeerListener(
      address: anyPort, io: io, respond: { _ in clientHello("server") }, onPeer: { _ in })
    let client = RawClient(listener.address)
    client.send(Message.statusRequest.encode(requestID: 1).bytes)
    guard case .error(let error) = try client.frames().first.map({ try Message(decoding: $0) }) else {
      throw Unexpected("no error came")
    }
    #expect(error.message == "expected hello first, received status request")
    await io.run { listener.close() }
  }

  @Test func `a message that is not for the sender's role closes the connection`() async throws {
    let io = makeIO()
    let pair = try await PeerPair(io: io)
    let closed = Events<CloseReason>()
    await io.run {
      pair.dialled.onClose = { closed.add($0) }
      pair.dialled.send(.subscribe(ChannelSubscription(firstBlock: 0, count: 1)), requestID: 1)
    }
    guard case .remote(let error) = await closed.next() else { throw Unexpected("another reason") }
    #expect(error.message == "subscribe: not for a node of role client")
    await pair.end()
  }

  @Test func `a question without a number closes the connection`() async throws {
    let io = makeIO()
    let pair = try await PeerPair(io: io)
    let closed = Events<CloseReason>()
    await io.run {
      pair.dialled.onClose = { closed.add($0) }
      pair.dialled.send(.statusRequest, requestID: 0)
    }
    guard case .remote(let error) = await closed.next() else { throw Unexpected("another reason") }
    #expect(error.message == "status request: request id: expected a number other than 0, received 0")
    await pair.end()
  }

  @Test func `a daemon's end waits until its peers have what was sent to them`() async throws {
    let io = makeIO()
    let peers = Events<Peer>()
    let listener = try PeerListener(
      address: anyPort, io: io, respond: { _ in clientHello("server") }, onPeer: { peers.add($0) })
    let client = RawClient(listener.address)
    client.send(Message.hello(clientHello()).encode(requestID: 0).bytes)
    let peer = try #require(await peers.next())
    let ended = Events<Int>()
    // More than sockets hold.
    await io.run {
      for id in 1...100 as ClosedRange<UInt64> { peer.connection.send(bulk(200 << 10, requestID: id)) }
      Farewell(to: [peer], io: io) { ended.add(peer.connection.bytesQueued) }.begin()
    }
    // Nobody reads for longer than a process takes to end.
    await withCheckedContinuation { continuation in
      io.async { io.after(.milliseconds(200)) { continuation.resume() } }
    }
    #expect(client.frames(atMost: 101).count == 101)
    #expect(await ended.next() == 0)
    await io.run {
      peer.close("done")
      listener.close()
    }
  }

  @Test func `an idle peer that answers pings stays, and tells its queue`() async throws {
    let io = makeIO()
    var options = Peer.Options()
    options.clientHeartbeat = Peer.Heartbeat(interval: .milliseconds(10), timeout: .seconds(20))
    let pair = try await PeerPair(io: io, options: options)
    let pongs = Events<UInt16>()
    await io.run {
      pair.accepted.queueDepth = 17
      pair.dialled.onPong = { depth, _ in pongs.add(depth) }
    }
    // The first may have been on its way already.
    while await pongs.next() == 0 {}
    for _ in 0..<5 { #expect(await pongs.next() == 17) }
    #expect(await io.run { !pair.dialled.isClosed })
    await pair.end()
  }

  @Test func `a peer that falls silent with its connection open is noticed`() async throws {
    let io = makeIO()
    var options = Peer.Options()
    options.clientHeartbeat = Peer.Heartbeat(interval: .milliseconds(10), timeout: .milliseconds(60))
    let closed = Events<CloseReason>()
    let listener = try PeerListener(
      address: anyPort, io: io, options: options, respond: { _ in clientHello("server") },
      onPeer: { peer in peer.onClose = { closed.add($0) } })
    let client = RawClient(listener.address)
    client.send(Message.hello(clientHello()).encode(requestID: 0).bytes)
    guard case .silent(let milliseconds) = await closed.next() else { throw Unexpected("another reason") }
    #expect(milliseconds >= 60)
    #expect(client.frames().map(\.type).prefix(2) == [.hello, .ping])
    await io.run { listener.close() }
  }

  @Test func `who takes nothing of what it is sent is silent, whatever it says`() async throws {
    let io = makeIO()
    var options = Peer.Options()
    options.clientHeartbeat = Peer.Heartbeat(interval: .milliseconds(10), timeout: .milliseconds(60))
    let closed = Events<CloseReason>()
    let listener = try PeerListener(
      address: anyPort, io: io, options: options, respond: { _ in clientHello("server") },
      onPeer: { peer in
        peer.onClose = { closed.add($0) }
        peer.connection.throttlesReading = true
        // More than sockets hold.
        for id in 1...100 as ClosedRange<UInt64> { peer.connection.send(bulk(200 << 10, requestID: id)) }
      })
    let address = listener.address
    let talk = Task.detached {
      let client = RawClient(address)
      client.send(Message.hello(clientHello()).encode(requestID: 0).bytes)
      for id in 1... as PartialRangeFrom<UInt64> {
        client.send(ping(id).bytes)
        try await Task.sleep(for: .milliseconds(2))
      }
    }
    guard case .silent = await closed.next() else { throw Unexpected("another reason") }
    talk.cancel()
    _ = await talk.result
    await io.run { listener.close() }
  }

  @Test func `hello said again changes the detail, and only that`() async throws {
    let io = makeIO()
    let pair = try await PeerPair(io: io)
    let changes = Events<UInt64>()
    let closed = Events<CloseReason>()
    await io.run {
      pair.accepted.onHelloChanged = { [unowned accepted = pair.accepted] in changes.add(accepted.hello.generation) }
      pair.accepted.onClose = { closed.add($0) }
      pair.dialled.announce(.client)
    }
    #expect(await changes.next() == 1)
    await io.run { _ = pair.dialled.send(.hello(clientHello("client", generation: 2))) }
    guard case .violation(let error) = await closed.next() else { throw Unexpected("another reason") }
    #expect(error.message.contains("expected client client, generation 1, received client client, generation 2"))
    await pair.end()
  }

  @Test func `an answer larger than the other side takes becomes an error`() async throws {
    let io = makeIO()
    var hello = clientHello()
    hello.maximumFrameBytes = 4096
    let pair = try await PeerPair(
      io: io,
      server: Hello(
        nodeID: "bs", generation: 1, software: "test",
        detail: .baseStation(
          Hello.BaseStation(
            id: 0, modelName: "m", digest: .of([]), inputShape: ImageShape(channels: 1, height: 1, width: 1),
            classLabels: [], gate: "base", link: .ideal))), client: hello)
    let received = Events<FrameBuffer>()
    let counters = (0..<400).map { Status.Counter(name: "counter-\($0)", value: 0) }
    let isSent = await io.run {
      pair.dialled.onFrame = { received.add($0) }
      return pair.accepted.send(
        .status(
          Status(
            modelName: "m", digest: .of([]), uptimeMicroseconds: 0, canServe: true, experts: [], counters: counters)),
        requestID: 3)
    }
    #expect(!isSent)
    let frame = try #require(await received.next())
    #expect(frame.requestID == 3)
    guard case .error(let error) = try Message(decoding: frame) else { throw Unexpected("no error") }
    #expect(error.code == .tooLarge)
    await pair.end()
  }

  @Test func `a channel report that is too large becomes an error, where it was asked for`() async throws {
    let io = makeIO()
    var hello = Hello(
      nodeID: "bs", generation: 1, software: "test",
      detail: .baseStation(
        Hello.BaseStation(
          id: 0, modelName: "m", digest: .of([]), inputShape: ImageShape(channels: 1, height: 1, width: 1),
          classLabels: [], gate: "base", link: .analog)))
    hello.maximumFrameBytes = 4096
    let expert = Hello(
      nodeID: "expert", generation: 1, software: "test",
      detail: .expert(
        Hello.Expert(
          index: 0, expertCount: 1, linkProcess: 0, digests: [.of([])], clock: .request,
          coherenceMicroseconds: 50_000, latentCount: 1, outputCount: 1)))
    let pair = try await PeerPair(io: io, server: expert, client: hello)
    let received = Events<FrameBuffer>()
    let report = ChannelReport(clock: .request, firstBlock: 0, snrDB: [Float](repeating: 0, count: 4096))
    await io.run {
      pair.dialled.onFrame = { received.add($0) }
      for requestID in [0, 3] as [UInt64] { pair.accepted.send(.channelReport(report), requestID: requestID) }
      pair.accepted.send(.reloaded(Reloaded(modelDigest: .of([]))), requestID: 4)
    }
    let frame = try #require(await received.next())
    #expect(frame.requestID == 3)
    guard case .error(let error) = try Message(decoding: frame) else { throw Unexpected("\(frame.type)") }
    #expect(error.code == .tooLarge)
    await pair.end()
  }

  @Test func `a batch larger than the receiver takes is refused, and the connection stays`() async throws {
    let io = makeIO()
    var server = clientHello("server")
    server.maximumBatch = 3
    let pair = try await PeerPair(io: io, server: server)
    let answers = Events<FrameBuffer>()
    let received = Events<FrameBuffer>()
    await io.run {
      pair.accepted.onFrame = { received.add($0) }
      pair.dialled.onFrame = { answers.add($0) }
      for count in [4, 3] {
        let infer = Infer(count: count, shape: ImageShape(channels: 1, height: 1, width: 1))
        pair.dialled.send(infer.encode(requestID: UInt64(count)) { $0.initializeMemory(as: UInt8.self, repeating: 0) })
      }
    }
    let answer = try #require(await answers.next())
    #expect(answer.requestID == 4)
    guard case .error(let error) = try Message(decoding: answer) else { throw Unexpected("\(answer.type)") }
    #expect(error.description == "too large: infer: expected at most 3 in one frame, received 4")
    #expect(await received.next()?.requestID == 3)
    await pair.end()
  }
}

extension PeerPair {
  func end() async {
    let (accepted, dialled, listener) = (accepted, dialled, listener)
    await accepted.io.run {
      accepted.close("done")
      dialled.close("done")
      listener.close()
    }
  }
}
