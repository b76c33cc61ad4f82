internal import Glibc

/// An address as the system's calls take it.
package struct ResolvedAddress: Sendable {
  private var storage = sockaddr_storage()
  private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

  /// What `fill` puts there, as `accept` and `getsockname` do.
  init(_ fill: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Void) {
    withUnsafeMutablePointer(to: &storage) { storage in
      storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { fill($0, &length) }
    }
  }

  init(_ address: UnsafePointer<sockaddr>, length: socklen_t) {
    self.length = length
    withUnsafeMutableBytes(of: &storage) {
      $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: min(Int(length), $0.count)))
    }
  }

  /// The same host's, at another port.
  func with(port: UInt16) -> ResolvedAddress {
    var other = self
    withUnsafeMutablePointer(to: &other.storage) { storage in
      // Addresses of both families have it at the same place.
      storage.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee.sin_port = port.bigEndian }
    }
    return other
  }

  var family: Int32 { Int32(storage.ss_family) }

  func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    withUnsafePointer(to: storage) { storage in
      storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
    }
  }

  /// Host and port in digits.
  var socketAddress: SocketAddress {
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    var service = [CChar](repeating: 0, count: Int(NI_MAXSERV))
    let flags = NI_NUMERICHOST | NI_NUMERICSERV
    let status = withPointer {
      getnameinfo($0, $1, &host, socklen_t(host.count), &service, socklen_t(service.count), flags)
    }
    guard status == 0 else { return SocketAddress(host: "?", port: 0) }
    return SocketAddress(host: text(host), port: UInt16(text(service)) ?? 0)
  }

  private func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

extension ResolvedAddress {
  /// All addresses of a host and a port. Blocks as long as the system's resolver does, unless `literalOnly`, which takes
  /// addresses in digits alone and never blocks.
  static func all(
    of address: SocketAddress, literalOnly: Bool = false, passive: Bool = false
  ) throws(TransportError) -> [ResolvedAddress] {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICSERV | (literalOnly ? AI_NUMERICHOST : 0) | (passive ? AI_PASSIVE : 0)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(address.host, "\(address.port)", &hints, &list)
    guard status == 0 else {
      let problem = status == EAI_SYSTEM ? describeSystemError(errno) : String(cString: gai_strerror(status))
      throw .cannotResolve(address, problem: problem)
    }
    defer { freeaddrinfo(list) }
    let all = sequence(first: list, next: { $0?.pointee.ai_next }).prefix { $0 != nil }
      .compactMap { $0 }
      .compactMap { entry in
        entry.pointee.ai_addr.map { ResolvedAddress($0, length: entry.pointee.ai_addrlen) }
      }
    guard !all.isEmpty else { throw .cannotResolve(address, problem: "no address") }
    return all
  }
}
