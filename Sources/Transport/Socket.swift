internal import CEpoll
internal import Glibc

/// The system's socket calls, with our options set and our errors thrown.
enum Socket {
  /// Silent peers are noticed by heartbeats; this is for connections that have none, and for hosts that vanish.
  private static let keepaliveIdleSeconds: Int32 = 30
  private static let keepaliveIntervalSeconds: Int32 = 10
  private static let keepaliveProbes: Int32 = 3
  private static let backlog: Int32 = 1024

  static func listening(at address: ResolvedAddress) throws(SystemError) -> Int32 {
    let descriptor = try make(address.family)
    do throws(SystemError) {
      try set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
      // One socket for both families where the wildcard is meant.
      if address.family == AF_INET6 { try set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0) }
      try check("bind") { address.withPointer { bind(descriptor, $0, $1) } }
      try check("listen") { listen(descriptor, backlog) }
      return descriptor
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Starts to connect.
  ///
  /// - Returns: whether it is connected already; otherwise it will be writable when it is known.
  static func connecting(to address: ResolvedAddress) throws(SystemError) -> (descriptor: Int32, isConnected: Bool) {
    let descriptor = try make(address.family)
    do throws(SystemError) {
      try setConnectionOptions(descriptor)
      let result = address.withPointer { connect(descriptor, $0, $1) }
      // Interrupted, it goes on connecting too.
      if result < 0, errno != EINPROGRESS, errno != EINTR { throw SystemError("connect") }
      return (descriptor, result == 0)
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// The next waiting connection; nil where none waits.
  static func accept(from listener: Int32) throws(SystemError) -> Int32? {
    while true {
      let accepted = moe_accept(listener)
      if accepted >= 0 {
        do throws(SystemError) {
          try setConnectionOptions(accepted)
          return accepted
        } catch {
          close(accepted)
          throw error
        }
      }
      switch errno {
      case EAGAIN: return nil
      // The other side has gone before it was accepted.
      case EINTR, ECONNABORTED, EPROTO: continue
      default: throw SystemError("accept")
      }
    }
  }

  /// Why connecting failed; nil where it did not.
  static func pendingError(_ descriptor: Int32) -> SystemError? {
    var number: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    if getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &length) < 0 { return SystemError("getsockopt") }
    return number == 0 ? nil : SystemError("connect", errno: number)
  }

  static func localAddress(_ descriptor: Int32) -> ResolvedAddress {
    ResolvedAddress { _ = getsockname(descriptor, $0, $1) }
  }

  static func peerAddress(_ descriptor: Int32) -> ResolvedAddress {
    ResolvedAddress { _ = getpeername(descriptor, $0, $1) }
  }

  static func makeNonBlocking(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }

  private static func make(_ family: Int32) throws(SystemError) -> Int32 {
    try check("socket") {
      socket(family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }
  }

  private static func setConnectionOptions(_ descriptor: Int32) throws(SystemError) {
    try set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    try set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
    try set(descriptor, Int32(IPPROTO_TCP), TCP_KEEPIDLE, keepaliveIdleSeconds)
    try set(descriptor, Int32(IPPROTO_TCP), TCP_KEEPINTVL, keepaliveIntervalSeconds)
    try set(descriptor, Int32(IPPROTO_TCP), TCP_KEEPCNT, keepaliveProbes)
  }

  private static func set(
    _ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32
  ) throws(SystemError) {
    var value = value
    try check("setsockopt") { setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) }
  }
}
