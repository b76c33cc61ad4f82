import Foundation

/// The least that a request and its answer over loopback TCP can cost: blocking sockets, a thread at each end.
final class RawEcho: @unchecked Sendable {
  private let requestBytes: Int
  private let answerBytes: Int
  private let client: Int32

  /// Connects to a server of its own on a free port.
  init(requestBytes: Int, answerBytes: Int) throws {
    self.requestBytes = requestBytes
    self.answerBytes = answerBytes
    let listener = try check(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0), "socket")
    defer { close(listener) }
    var address = try bindToLoopback(listener)
    _ = try check(listen(listener, 1), "listen")
    client = try check(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0), "socket")
    _ = try withSocketAddress(&address) { try check(connect(client, $0, $1), "connect") }
    let server = try check(accept(listener, nil, nil), "accept")
    for descriptor in [client, server] {
      var on: Int32 = 1
      setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }
    Thread.detachNewThread {
      var buffer = [UInt8](repeating: 0, count: max(requestBytes, answerBytes))
      while receive(server, &buffer, requestBytes), transmit(server, buffer, answerBytes) {}
      close(server)
    }
  }

  deinit { close(client) }

  /// Microseconds of each round trip for so long.
  func measure(seconds: Double) -> [Double] {
    var buffer = [UInt8](repeating: 7, count: max(requestBytes, answerBytes))
    var latencies: [Double] = []
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
      let start = ContinuousClock.now
      guard transmit(client, buffer, requestBytes), receive(client, &buffer, answerBytes) else { break }
      latencies.append((ContinuousClock.now - start) / .microseconds(1))
    }
    return latencies
  }
}

/// A port of loopback at which nobody listens at the moment.
func freePort() throws -> Int {
  let listener = try check(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0), "socket")
  defer { close(listener) }
  return Int(UInt16(bigEndian: try bindToLoopback(listener).sin_port))
}

/// Binds to a free port, and gives the address with it.
private func bindToLoopback(_ descriptor: Int32) throws -> sockaddr_in {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  _ = try withSocketAddress(&address) { try check(bind(descriptor, $0, $1), "bind") }
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  _ = try withUnsafeMutablePointer(to: &address) {
    try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      try check(getsockname(descriptor, $0, &length), "getsockname")
    }
  }
  return address
}

private func receive(_ descriptor: Int32, _ buffer: inout [UInt8], _ count: Int) -> Bool {
  var received = 0
  while received < count {
    let got = buffer.withUnsafeMutableBytes {
      recv(descriptor, $0.baseAddress?.advanced(by: received), count - received, 0)
    }
    guard got > 0 else { return false }
    received += got
  }
  return true
}

private func transmit(_ descriptor: Int32, _ buffer: [UInt8], _ count: Int) -> Bool {
  var sent = 0
  while sent < count {
    let put = buffer.withUnsafeBytes {
      send(descriptor, $0.baseAddress?.advanced(by: sent), count - sent, Int32(MSG_NOSIGNAL))
    }
    guard put > 0 else { return false }
    sent += put
  }
  return true
}

private func withSocketAddress<Result>(
  _ address: inout sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Result
) rethrows -> Result {
  try withUnsafePointer(to: &address) {
    try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      try body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
}

private struct SystemError: Error, CustomStringConvertible {
  let description: String
}

private func check(_ result: Int32, _ call: String) throws -> Int32 {
  guard result >= 0 else { throw SystemError(description: "\(call): \(String(cString: strerror(errno)))") }
  return result
}
