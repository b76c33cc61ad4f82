import Digests
import Radio
import Synchronization
import Testing
import Transport
import WireProtocol

@Suite(.timeLimit(.minutes(2))) struct DiallerTests {
  /// A port at which nobody listens any more.
  private func freeAddress(io: IOQueue) async throws -> SocketAddress {
    let listener = try echoListener(io: io)
    await io.run { listener.close() }
    var isClosed = false
    while !isClosed {
      if let connection = try? await connect(to: listener.address, io: io) {
        await io.run { connection.close("still there") }
      } else {
        isClosed = true
      }
    }
    return listener.address
  }

  @Test func `a refused connection is one clear line`() async throws {
    let io = makeIO()
    let address = try await freeAddress(io: io)
    let results = Events<Result<Peer, TransportError>>()
    Dialler.dialOnce(address, io: io, timeout: .seconds(10), hello: clientHello()) { results.add($0) }
    guard case .failure(let error) = await results.next() else { throw Unexpected("connected") }
    #expect(error.description == "cannot connect to \(address): connection refused")
  }

  @Test func `a name that nobody has is one clear line`() async throws {
    let io = makeIO()
    let results = Events<Result<Peer, TransportError>>()
    let address = SocketAddress(host: "no-such-host.invalid", port: 7000)
    Dialler.dialOnce(address, io: io, timeout: .seconds(3), hello: clientHello()) { results.add($0) }
    guard case .failure(let error) = await results.next() else { throw Unexpected("connected") }
    // Where no name server can be reached the answer may never come.
    let possible = [
      "cannot resolve no-such-host.invalid:7000: ", "no-such-host.invalid:7000: timed out while resolving",
    ]
    #expect(possible.contains { error.description.hasPrefix($0) }, "\(error)")
  }

  @Test func `a dialler finds a node that starts later, and finds it again when it was lost`() async throws {
    let io = makeIO()
    let address = try await freeAddress(io: io)
    let failures = Events<TransportError>()
    let peers = Events<Peer>()
    let dialler = Dialler(
      address: address, io: io, backoff: Backoff(first: .milliseconds(2), longest: .milliseconds(10)),
      hello: { clientHello() }, verify: { _ in }, onPeer: { peers.add($0) },
      onFailure: { error, _ in failures.add(error) })
    await io.run { dialler.start() }
    for _ in 0..<3 { #expect(await failures.next() != nil) }
    let accepted = Events<Peer>()
    let listener = try PeerListener(
      address: address, io: io, respond: { _ in clientHello("server") }, onPeer: { accepted.add($0) })
    for _ in 0..<3 {
      guard let peer = await accepted.next(), await peers.next() != nil else { throw Unexpected("no peer") }
      await io.run { peer.close("lost") }
    }
    guard let last = await peers.next() else { throw Unexpected("no peer") }
    await io.run {
      dialler.cancel()
      last.close("done")
      listener.close()
    }
  }

  @Test func `what has changed since a dial began is said when it has succeeded`() async throws {
    let io = makeIO()
    let digests = Mutex([SHA256Digest.of([1])])
    let heard = Events<Hello>()
    let listener = try Listener(address: anyPort, io: io) { connection in
      connection.onFrame = { [unowned connection] frame in
        guard case .hello(let hello) = try? Message(decoding: frame) else { return }
        if hello.digests == [SHA256Digest.of([1])] {
          // Between the dialler's HELLO and the answer to it.
          digests.withLock { $0 = [SHA256Digest.of([2])] }
          connection.send(Message.hello(clientHello("server")).encode(requestID: 0))
        }
        heard.add(hello)
      }
      connection.start()
    }
    let peers = Events<Peer>()
    let dialler = Dialler(
      address: listener.address, io: io,
      hello: {
        Hello(
          nodeID: "expert", generation: 1, software: "test",
          detail: .expert(
            Hello.Expert(
              index: 0, expertCount: 1, linkProcess: 0, digests: digests.withLock { $0 }, clock: .request,
              coherenceMicroseconds: 1, latentCount: 1, outputCount: 1)))
      }, verify: { _ in }, onPeer: { peers.add($0) }, onFailure: { _, _ in })
    await io.run { dialler.start() }
    let peer = await peers.next()
    #expect(await heard.next()?.digests == [SHA256Digest.of([1])])
    // So that the test ends where nothing follows.
    await io.run { _ = peer?.send(.hello(peer?.localHello ?? clientHello())) }
    #expect(await heard.next()?.digests == [SHA256Digest.of([2])])
    await io.run {
      dialler.cancel()
      peer?.close("done")
      listener.close()
    }
  }

  @Test func `a cancelled dialler dials no more`() async throws {
    let io = makeIO()
    let listener = try Listener(address: anyPort, io: io) { $0.start() }
    let failures = Events<TransportError>()
    let dialler = Dialler(
      address: listener.address, io: io, hello: { clientHello() }, verify: { _ in }, onPeer: { _ in },
      onFailure: { error, _ in failures.add(error) })
    await io.run { dialler.start() }
    while await io.run({ listener.connectionCount }) == 0 { await Task.yield() }
    await io.run { dialler.cancel() }
    while await io.run({ listener.connectionCount }) > 0 { await Task.yield() }
    await io.run { listener.close() }
    failures.add(.cancelled(anyPort))
    #expect(await failures.next() == .cancelled(anyPort))
  }
}

extension Hello {
  /// The models of an expert; nil of others.
  fileprivate var digests: [SHA256Digest]? {
    if case .expert(let detail) = detail { detail.digests } else { nil }
  }
}
