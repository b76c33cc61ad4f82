import Digests
import Radio
import TLS
import TestCertificates
import Testing
import Transport
import WireProtocol

/// Peers whose connections are TLS: what HELLO says is held against the certificate, on both sides.
@Suite(.timeLimit(.minutes(2)), .enabled(if: CertificateFolder.canBeMade, "needs the openssl command"))
struct SecurePeerTests {
  private func options(_ node: String) throws -> Peer.Options {
    var options = Peer.Options()
    options.secure(with: try TLSCredentials(CertificateFolder.shared.get().files(node)))
    return options
  }

  private func expertHello(_ index: UInt16) -> Hello {
    Hello(nodeID: "expert", generation: 1, software: "test", detail: .expert(expertDetail(index)))
  }

  private func expertDetail(_ index: UInt16) -> Hello.Expert {
    Hello.Expert(
      index: index, expertCount: 8, linkProcess: 0, digests: [.of([1])], clock: .request, coherenceMicroseconds: 1,
      latentCount: 1, outputCount: 1)
  }

  /// What a dialler with this certificate and HELLO meets at a listener with that certificate and HELLO.
  private func dial(
    as client: String, _ hello: Hello, to server: String, _ answer: Hello
  ) async throws -> Result<Peer, TransportError> {
    let io = makeIO()
    let listener = try PeerListener(
      address: anyPort, io: io, options: options(server), respond: { _ in answer }, onPeer: { _ in })
    let results = Events<Result<Peer, TransportError>>()
    Dialler.dialOnce(
      listener.address, io: io, timeout: .seconds(10), hello: hello, options: try options(client)
    ) { results.add($0) }
    guard let result = await results.next() else { throw CancellationError() }
    await io.run { listener.close() }
    return result
  }

  @Test func `an expert that says what its certificate says is a peer`() async throws {
    let operatorHello = Hello(nodeID: "server", generation: 1, software: "test", detail: .operator)
    // The listener's certificate has to be a server's, so that an expert's stands for one here.
    let result = try await dial(as: "client", clientHello(), to: "expert-3", expertHello(3))
    #expect(try result.get().role == .expert)
    guard
      case .failure(.refused(_, let error)) = try await dial(
        as: "client", clientHello(), to: "expert-3", operatorHello)
    else { throw Unexpected("accepted") }
    #expect(error.code == .unauthorised)
  }

  @Test func `a dialler whose certificate is for another index is refused and told why`() async throws {
    let result = try await dial(as: "expert-5", expertHello(4), to: "bs", clientHello("server"))
    guard case .failure(.refusedByPeer(_, let error)) = result else { throw Unexpected("\(result)") }
    #expect(error.code == .unauthorised)
    #expect(
      error.message == "expert says that it is expert 4, but its certificate /CN=expert-5 is for expert 5")
  }

  @Test func `a dialler whose certificate is for another role is refused and told why`() async throws {
    let result = try await dial(as: "expert-5", clientHello(), to: "bs", clientHello("server"))
    guard case .failure(.refusedByPeer(_, let error)) = result else { throw Unexpected("\(result)") }
    #expect(
      error.message == "client says that it is a client, but its certificate /CN=expert-5 is for expert 5")
  }

  @Test func `a dialled expert whose certificate is for another index is refused`() async throws {
    let result = try await dial(as: "client", clientHello(), to: "expert-5", expertHello(4))
    guard case .failure(.refused(_, let error)) = result else { throw Unexpected("\(result)") }
    #expect(error.code == .unauthorised)
  }

  @Test func `a second hello of another index is refused, too`() async throws {
    let io = makeIO()
    let closed = Events<CloseReason>()
    let accepted = Events<Peer>()
    let listener = try PeerListener(
      address: anyPort, io: io, options: options("expert-5"), respond: { _ in expertHello(5) },
      onPeer: { accepted.add($0) })
    let results = Events<Result<Peer, TransportError>>()
    Dialler.dialOnce(
      listener.address, io: io, timeout: .seconds(10), hello: clientHello(), options: try options("client")
    ) { results.add($0) }
    guard let peer = try await results.next()?.get(), let expert = await accepted.next() else {
      throw CancellationError()
    }
    let detail = expertDetail(6)
    await io.run {
      peer.onClose = { closed.add($0) }
      expert.announce(.expert(detail))
    }
    guard case .violation(let error) = await closed.next() else { throw Unexpected("not refused") }
    #expect(error.code == .unauthorised)
    await io.run { listener.close() }
  }

  @Test func `large frames pass both ways`() async throws {
    let io = makeIO()
    var listenerOptions = Listener.Options()
    listenerOptions.connection = try options("bs").connection
    let listener = try Listener(address: anyPort, io: io, options: listenerOptions) { connection in
      connection.limits = .standard
      connection.onFrame = { [unowned connection] in connection.send($0) }
      connection.start()
    }
    let clientOptions = try options("client").connection
    let connection = try await withCheckedThrowingContinuation { continuation in
      Connection.connect(to: listener.address, io: io, options: clientOptions) { continuation.resume(with: $0) }
    }
    let opened = Events<FrameBuffer>()
    let sent = [ping(1), bulk(8 << 20, requestID: 2), ping(3)]
    await io.run {
      connection.limits = .standard
      connection.onFrame = { opened.add($0) }
      connection.start()
      connection.send(sent[0])
    }
    #expect(await opened.next()?.bytes == sent[0].bytes)
    await io.run { for frame in sent.dropFirst() { connection.send(frame) } }
    for frame in sent.dropFirst() { #expect(await opened.next()?.bytes == frame.bytes) }
    let closed = Events<CloseReason>()
    await io.run {
      connection.onClose = { closed.add($0) }
      connection.close("done")
      listener.close()
    }
    #expect(await closed.next() == .local("done"))
  }

  @Test func `who connects and does not finish the handshake is closed in time, TLS and hello together`() async throws {
    let io = makeIO()
    var options = try options("bs")
    options.handshakeTimeout = .milliseconds(50)
    let listener = try PeerListener(
      address: anyPort, io: io, options: options, respond: { _ in clientHello("server") }, onPeer: { _ in })
    let client = RawClient(listener.address)
    client.send([0x16, 3, 1, 2, 0])
    #expect(client.frames().isEmpty)
    await io.run { listener.close() }
  }

  @Test func `two sides without a common language are told so`() async throws {
    let io = makeIO()
    func failure(_ listenerOptions: Peer.Options, _ diallerOptions: Peer.Options) async throws -> String {
      let listener = try PeerListener(
        address: anyPort, io: io, options: listenerOptions, respond: { _ in clientHello("server") }, onPeer: { _ in })
      let results = Events<Result<Peer, TransportError>>()
      Dialler.dialOnce(
        listener.address, io: io, timeout: .seconds(10), hello: clientHello(), options: diallerOptions
      ) { results.add($0) }
      guard case .failure(let error) = await results.next() else { throw Unexpected("accepted") }
      await io.run { listener.close() }
      return error.description
    }
    #expect(try await failure(options("bs"), Peer.Options()).contains("unauthorised: this port speaks TLS"))
    #expect(try await failure(Peer.Options(), options("client")).contains("it speaks plainly, without TLS"))
  }
}
