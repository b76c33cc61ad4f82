import Foundation
import Glibc
import Testing
import Transport
import WireProtocol

/// Run with `MOE_BENCHMARK=1 swift test -c release --filter Benchmarks`; prints one line a figure.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["MOE_BENCHMARK"] != nil)) struct EchoBenchmarks {
  private static let rounds = 20_000

  private func report(_ name: String, _ samples: [UInt64]) -> Double {
    let sorted = samples.sorted()
    let p50 = Double(sorted[sorted.count / 2]) / 1000
    let p99 = Double(sorted[sorted.count * 99 / 100]) / 1000
    print(
      name.padding(toLength: 44, withPad: " ", startingAt: 0), String(format: "p50 %6.1f us   p99 %6.1f us", p50, p99))
    return p50
  }

  @Test func `an echo of 2 KB, beside the same bytes through blocking sockets`() async throws {
    let frame = bulk(2 << 10, requestID: 1)
    var ratios: [Double] = []
    for _ in 0..<3 {
      let raw = report("blocking sockets, \(frame.count) bytes", blockingEcho(frame.count))
      let ours = report("two Connections, \(frame.count) bytes", await connectionEcho(frame))
      ratios.append(ours / raw)
    }
    print("ratio of the medians:", ratios.map { String(format: "%.2f", $0) }.joined(separator: ", "))
  }

  @Test func `many small frames one way`() async throws {
    let io = makeIO()
    let total = 1_000_000
    let done = Events<Double>()
    let listener = try Listener(address: anyPort, io: io) { connection in
      var count = 0
      var start = MonotonicTime.now
      connection.onFrame = { _ in
        if count == 0 { start = .now }
        count += 1
        if count == total { done.add(Double(MonotonicTime.now.microseconds(since: start)) / 1e6) }
      }
      connection.start()
    }
    let sender = makeIO()
    let connection = try await connect(to: listener.address, io: sender)
    await sender.run { connection.start() }
    let frame = ping(1)
    for _ in 0..<total / 1000 {
      await sender.run { sender.coalescingWrites { for _ in 0..<1000 { connection.send(frame) } } }
    }
    let seconds = await done.next() ?? 0
    print(
      String(format: "one way: %.2f million frames of %d bytes a second", 1e-6 * Double(total) / seconds, frame.count))
  }

  private func connectionEcho(_ frame: FrameBuffer) async -> [UInt64] {
    let (server, client) = (makeIO(), makeIO())
    let done = Events<[UInt64]>()
    guard let listener = try? echoListener(io: server),
      let connection = try? await connect(to: listener.address, io: client)
    else { return [0] }
    await client.run {
      var samples: [UInt64] = []
      samples.reserveCapacity(Self.rounds)
      var sent = MonotonicTime.now
      connection.limits = .standard
      connection.onFrame = { _ in
        let now = MonotonicTime.now
        samples.append(now.nanoseconds - sent.nanoseconds)
        if samples.count == Self.rounds { return done.add(samples) }
        sent = .now
        connection.send(frame)
      }
      connection.start()
      connection.send(frame)
    }
    let samples = await done.next() ?? [0]
    await client.run { connection.close("done") }
    await server.run { listener.close() }
    return samples
  }

  private func blockingEcho(_ byteCount: Int) -> [UInt64] {
    let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(server, $0, length)
        getsockname(server, $0, &length)
      }
    }
    listen(server, 1)
    let thread = Thread {
      let accepted = accept(server, nil, nil)
      setNoDelay(accepted)
      let buffer = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
      while readAll(accepted, buffer, byteCount) { Glibc.send(accepted, buffer, byteCount, Int32(MSG_NOSIGNAL)) }
      close(accepted)
      buffer.deallocate()
    }
    thread.start()
    let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = Glibc.connect(client, $0, length) }
    }
    setNoDelay(client)
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
    buffer.initializeMemory(as: UInt8.self, repeating: 1, count: byteCount)
    defer {
      buffer.deallocate()
      close(client)
      close(server)
    }
    return (0..<Self.rounds).map { _ in
      let start = MonotonicTime.now
      Glibc.send(client, buffer, byteCount, Int32(MSG_NOSIGNAL))
      _ = readAll(client, buffer, byteCount)
      return MonotonicTime.now.nanoseconds - start.nanoseconds
    }
  }
}

private func setNoDelay(_ descriptor: Int32) {
  var on: Int32 = 1
  setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
}

private func readAll(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Bool {
  var done = 0
  while done < count {
    let received = read(descriptor, buffer + done, count - done)
    if received <= 0 { return false }
    done += received
  }
  return true
}
