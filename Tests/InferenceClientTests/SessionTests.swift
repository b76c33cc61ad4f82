import Datasets
import Dispatch
import InferenceClient
import Synchronization
import Testing
import Transport
import WireProtocol

/// What the client does where a base station is not what it was, or does not take what it is sent.
struct SessionTests {
  private let small = [UInt8](repeating: 7, count: ScriptedBaseStation.shape.count)

  private func client(
    of station: ScriptedBaseStation, _ options: InferenceClient.Options = .init()
  ) async throws -> InferenceClient {
    try await InferenceClient.connect(to: station.address, options: options)
  }

  @Test(arguments: [ImageShape(channels: 1, height: 1, width: 2), ImageShape(channels: 3, height: 64, width: 64)])
  func `a base station of another shape is told from the one before`(other: ImageShape) async throws {
    // It is there again with other images as soon as the client has connected.
    let connections = Atomic(0)
    let inferred = Atomic(0)
    let station = try ScriptedBaseStation { _ in
      let isFirst = connections.wrappingAdd(1, ordering: .relaxed).oldValue == 0
      return ScriptedBaseStation.hello(of: isFirst ? ScriptedBaseStation.shape : other)
    } onInfer: { peer, _ in
      inferred.wrappingAdd(1, ordering: .relaxed)
      peer.close("restarted")
    }
    let client = try await client(of: station)
    let error = await #expect(throws: InferenceError.self) { try await client.classify(pixels: small) }
    #expect(
      error == .badRequest("pixels: expected 1 images of \(other), as the base station takes them, received 4 bytes"))
    #expect(inferred.load(ordering: .relaxed) == 1 && client.model.bytesPerImage == 4)
    await client.close()
    await station.end()
  }

  @Test func `a shape that changes within a connection ends it`() async throws {
    let inferred = Atomic(0)
    let station = try ScriptedBaseStation { _ in
      ScriptedBaseStation.hello(of: ScriptedBaseStation.shape)
    } onInfer: { peer, frame in
      if inferred.wrappingAdd(1, ordering: .relaxed).oldValue == 0 {
        peer.announce(ScriptedBaseStation.hello(of: ImageShape(channels: 3, height: 9, width: 9)).detail)
      }
      peer.send(answer(to: frame))
    }
    var options = InferenceClient.Options()
    options.maximumRetries = 0
    let client = try await client(of: station, options)
    let error = await #expect(throws: InferenceError.self) { try await client.classify(pixels: small) }
    guard case .connectionLost(let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.contains("input shape: expected 1 x 2 x 2, received 3 x 9 x 9"), "\(reason)")
    // The next connection's HELLO is the first one's.
    #expect(try await client.classify(pixels: small).classIndex == 1)
    await client.close()
    await station.end()
  }

  @Test func `a base station whose images do not fit a frame is refused`() async throws {
    let station = try ScriptedBaseStation { _ in
      ScriptedBaseStation.hello(of: ImageShape(channels: 3, height: 65_535, width: 65_535))
    } onInfer: { _, _ in
    }
    let error = await #expect(throws: InferenceError.self) { try await client(of: station) }
    #expect(error?.description.contains("input shape: expected images of at most 16777216 bytes") == true)
    await station.end()
  }

  @Test func `a request larger than a frame fails at once`() async throws {
    let station = try ScriptedBaseStation { peer, frame in peer.send(answer(to: frame)) }
    let client = try await client(of: station)
    func refusal(_ pixels: Int, count: Int) async -> InferenceError? {
      let request = InferenceRequest(pixels: [UInt8](repeating: 0, count: pixels), count: count)
      return await #expect(throws: InferenceError.self) { try await client.answer(to: request) }
    }
    for count in [0, -1, 65_536, Int.max] {
      #expect(
        await refusal(4, count: count) == .badRequest("count: expected 1 to 65535 images, received \(count)"))
    }
    await client.close()
    await station.end()

    // Four MiB an image: three fit a frame, four do with the header no more, five not without it either.
    let large = ImageShape(channels: 1, height: 1 << 11, width: 1 << 11)
    let other = try ScriptedBaseStation { _ in
      ScriptedBaseStation.hello(of: large)
    } onInfer: { peer, frame in
      peer.send(answer(to: frame))
    }
    let second = try await InferenceClient.connect(to: other.address)
    for count in 3...5 {
      let request = InferenceRequest(pixels: [UInt8](repeating: 0, count: count * large.count), count: count)
      if count == 3 {
        #expect(try await second.answer(to: request).outcomes.count == 3)
      } else {
        let error = await #expect(throws: InferenceError.self) { try await second.answer(to: request) }
        #expect(error?.description.hasPrefix("too large: infer: ") == true && error?.isRetryable == false)
      }
    }
    await second.close()
    await other.end()
  }

  @Test func `connecting anew takes of the request's time`() async throws {
    // Of the second connection nothing is heard, as behind a route that is gone.
    let connections = Atomic(0)
    let isOver = DispatchSemaphore(value: 0)
    let station = try ScriptedBaseStation { _ in
      if connections.wrappingAdd(1, ordering: .relaxed).oldValue > 0 { isOver.wait() }
      return ScriptedBaseStation.hello(of: ScriptedBaseStation.shape)
    } onInfer: { peer, _ in
      peer.close("gone")
    }
    var options = InferenceClient.Options()
    options.connectTimeout = .seconds(30)
    options.requestTimeout = .milliseconds(300)
    let client = try await client(of: station, options)
    let start = ContinuousClock.now
    await #expect(throws: InferenceError.timedOut) { try await client.classify(pixels: small) }
    #expect(ContinuousClock.now - start < .seconds(15))
    isOver.signal()
    await client.close()
    await station.end()
  }

  @Test func `a connection may take all of the time that it is given`() async throws {
    let station = try ScriptedBaseStation { _ in
      // Longer than a HELLO usually may take.
      _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(2500))
      return ScriptedBaseStation.hello(of: ScriptedBaseStation.shape)
    } onInfer: { peer, frame in
      peer.send(answer(to: frame))
    }
    var options = InferenceClient.Options()
    options.connectTimeout = .seconds(30)
    let client = try await client(of: station, options)
    #expect(try await client.classify(pixels: small).classIndex == 1)
    await client.close()
    await station.end()
  }

  @Test(.timeLimit(.minutes(1)))
  func `a client that is dropped gives its connection back, after what it has asked is answered`() async throws {
    let (ends, end) = AsyncStream<Void>.makeStream()
    let station = try ScriptedBaseStation { _ in
      ScriptedBaseStation.hello(of: ScriptedBaseStation.shape)
    } onInfer: { peer, frame in
      peer.send(answer(to: frame))
    } onClose: {
      end.yield()
    }
    let (answers, answered) = AsyncStream<Bool>.makeStream()
    do {
      let client = try await client(of: station)
      client.submit(InferenceRequest(pixels: small)) { answered.yield((try? $0.get()) != nil) }
    }
    #expect(await answers.first { _ in true } == true)
    for await _ in ends { break }
    await station.end()
  }

  @Test(.timeLimit(.minutes(1)))
  func `a base station that says goodbye answers what is open, and is dialled anew for what comes next`() async throws {
    let connections = Atomic(0)
    let leaving = Mutex<Peer?>(nil)
    let (ends, end) = AsyncStream<Void>.makeStream()
    let station = try ScriptedBaseStation { _ in
      connections.wrappingAdd(1, ordering: .relaxed)
      return ScriptedBaseStation.hello(of: ScriptedBaseStation.shape)
    } onInfer: { peer, frame in
      let hasLeft = leaving.withLock { leaving in
        defer { leaving = leaving ?? peer }
        return leaving === peer
      }
      guard !hasLeft else {
        peer.send(.error(ProtocolError(.shuttingDown, "as it said")), requestID: frame.requestID)
        return
      }
      if connections.load(ordering: .relaxed) == 1 {
        peer.send(.goaway(Goaway(reason: .shutdown, graceMicroseconds: 0)))
      }
      peer.send(answer(to: frame))
    } onClose: {
      end.yield()
    }
    var options = InferenceClient.Options()
    options.maximumRetries = 0
    let client = try await client(of: station, options)
    for _ in 0..<3 { #expect(try await client.classify(pixels: small).classIndex == 1) }
    #expect(connections.load(ordering: .relaxed) == 2)
    for await _ in ends { break }
    await client.close()
    await station.end()
  }
}
