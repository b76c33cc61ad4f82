import Datasets
import InferenceClient
import Synchronization
import Testing
import Transport
import WireProtocol

/// What the load generator counts, against base stations that do as they are told; none of it depends on how fast the
/// machine is.
struct LoadTestTests {
  private func open(_ rate: Double, seconds: Double, maximumUnderWay: Int = 4096, batch: Int = 1) -> LoadTest {
    LoadTest(
      pace: .open(LoadArrivals(.uniform, rate: rate, seed: 1), maximumUnderWay: maximumUnderWay), batch: batch,
      warmUp: .zero, duration: .seconds(seconds))
  }

  private func options(deadline: Duration, retries: Int = 0) -> InferenceClient.Options {
    var options = InferenceClient.Options()
    options.requestTimeout = deadline
    options.maximumRetries = retries
    return options
  }

  @Test func `requests of an open loop go out though none is answered, and the stall counts for each of them`()
    async throws
  {
    // Nothing is answered before the 200th request, which is due 199 ms after the first.
    let held = Mutex<[(Peer, FrameBuffer)]>([])
    let station = try ScriptedBaseStation { peer, frame in
      let due = held.withLock { held in
        held.append((peer, frame))
        return held.count >= 200 ? held : []
      }
      for (peer, frame) in due { peer.send(answer(to: frame)) }
    }
    let report = try await station.load(open(1000, seconds: 0.2))
    await station.end()
    #expect(report.requests == 200 && report.images == 200 && report.errors == 0 && report.unsent == 0)
    #expect(report.latencies.count == 200)
    #expect(report.latencies.max >= 198_000)
    // Half of them have waited for 100 of the 200 ms, whatever the machine does.
    #expect(report.latencies.p50 >= 98_000)
  }

  @Test func `what would be too much under way is not sent but counted`() async throws {
    let station = try ScriptedBaseStation { _, _ in }
    let report = try await station.load(
      open(1000, seconds: 0.1, maximumUnderWay: 8, batch: 3), options(deadline: .seconds(1)))
    await station.end()
    #expect(report.requests == 8 && report.images == 24 && report.unsent == 92)
    #expect(report.expired == 24 && report.refused == 0 && report.failed == 0)
    #expect(report.firstError == .timedOut)
    #expect(abs(report.offeredPerSecond - 3000) < 1e-6)
  }

  @Test func `refusals are told apart, with what they ask to wait`() async throws {
    let station = try ScriptedBaseStation { peer, frame in
      let isFirst = frame.requestID == 1
      let error = ProtocolError(
        isFirst ? .internalError : .busy, "told to", retryAfterMicroseconds: isFirst ? 0 : 250_000)
      peer.send(.error(error), requestID: frame.requestID)
    }
    let report = try await station.load(open(1000, seconds: 0.05), options(deadline: .seconds(5)))
    await station.end()
    #expect(report.requests == 50 && report.refused == 49 && report.failed == 1 && report.expired == 0)
    #expect(report.retryAfters.count == 49 && abs(Int(report.retryAfters.p50) - 250_000) < 250)
    #expect(report.refusalLatencies.count == 49 && report.latencies.count == 0)
    #expect(report.imagesPerSecond == 0)
    #expect(report.firstError?.description == "internal error: told to")
  }

  @Test func `a refused request is sent again unless that is ruled out`() async throws {
    let refused = Atomic(false)
    let station = try ScriptedBaseStation { peer, frame in
      if refused.exchange(true, ordering: .relaxed) {
        peer.send(answer(to: frame))
      } else {
        peer.send(.error(ProtocolError(.busy, "once", retryAfterMicroseconds: 1)), requestID: frame.requestID)
      }
    }
    let report = try await station.load(open(100, seconds: 0.05), options(deadline: .seconds(10), retries: 3))
    await station.end()
    #expect(report.requests == 5 && report.retries == 1 && report.errors == 0)
  }

  @Test func `an answer after its deadline is no goodput`() async throws {
    let held = Mutex<[(Peer, FrameBuffer)]>([])
    let station = try ScriptedBaseStation { peer, frame in
      // The first request is answered by the time of the 40th, 39 ms later.
      let due = held.withLock { held in
        held.append((peer, frame))
        return held.count == 40 ? held[0] : nil
      }
      if let (peer, frame) = due { peer.send(answer(to: frame)) }
    }
    let report = try await station.load(open(1000, seconds: 0.04), options(deadline: .milliseconds(20)))
    await station.end()
    #expect(report.expired == 40 && report.latencies.count == 0)
  }

  @Test func `a time that is over before the first request ends once`() async throws {
    let station = try ScriptedBaseStation { peer, frame in peer.send(answer(to: frame)) }
    let test = LoadTest(pace: .closed(callers: 8), batch: 1, warmUp: .zero, duration: .nanoseconds(1))
    let report = try await station.load(test)
    await station.end()
    #expect(report.requests == 0 && report.errors == 0)
  }

  @Test func `a caller that is told to wait for longer than the test lasts ends with it`() async throws {
    let station = try ScriptedBaseStation { peer, frame in
      peer.send(
        .error(ProtocolError(.busy, "come back later", retryAfterMicroseconds: 60_000_000)), requestID: frame.requestID)
    }
    let start = ContinuousClock.now
    let test = LoadTest(pace: .closed(callers: 2), batch: 1, warmUp: .zero, duration: .milliseconds(100))
    let report = try await station.load(test, options(deadline: .seconds(10)))
    await station.end()
    #expect(ContinuousClock.now - start < .seconds(30))
    #expect(report.refused == 2)
  }

  @Test func `requests larger than a frame are not even made`() async throws {
    let station = try ScriptedBaseStation { peer, frame in peer.send(answer(to: frame)) }
    let batch = FrameLimits.standard.maximumFrameBytes / ScriptedBaseStation.shape.count + 1
    let error = await #expect(throws: InferenceError.self) {
      try await station.load(open(1000, seconds: 0.01, batch: batch))
    }
    await station.end()
    #expect(error?.description.hasPrefix("too large: infer: ") == true)
  }

  @Test func `every caller of a closed loop has one request under way, over all connections`() async throws {
    struct Seen {
      var underWay = 0
      var most = 0
      var peers: Set<ObjectIdentifier> = []
    }
    let seen = Mutex(Seen())
    let station = try ScriptedBaseStation { peer, frame in
      seen.withLock {
        $0.underWay += 1
        $0.most = max($0.most, $0.underWay)
        $0.peers.insert(ObjectIdentifier(peer))
      }
      peer.io.async {
        seen.withLock { $0.underWay -= 1 }
        peer.send(answer(to: frame))
      }
    }
    let test = LoadTest(pace: .closed(callers: 6), batch: 2, warmUp: .zero, duration: .milliseconds(100))
    let report = try await station.load(test, connections: 3)
    await station.end()
    let (most, peers) = seen.withLock { ($0.most, $0.peers.count) }
    #expect(most <= 6 && peers == 3)
    #expect(report.requests >= 6 && report.images == 2 * report.requests && report.errors == 0)
    #expect(report.latencies.count == UInt64(report.requests))
    #expect(report.imagesPerSecond > 0)
  }
}
