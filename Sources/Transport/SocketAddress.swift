internal import Glibc

/// A host and a port as people write them: `127.0.0.1:7000`, `[::1]:7000`, `edge-3.example:7000`.
package struct SocketAddress: Hashable, Sendable {
  /// A name or a literal address, without brackets.
  package var host: String
  package var port: UInt16

  package init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// - Throws: ``TransportError/malformedAddress(_:problem:)``.
  package init(parsing text: String) throws(TransportError) {
    func malformed(_ problem: String) -> TransportError { .malformedAddress(text, problem: problem) }
    let host: Substring
    let port: Substring
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { throw malformed("the bracket is not closed") }
      host = text[text.index(after: text.startIndex)..<end]
      guard text[end...].hasPrefix("]:") else { throw malformed("no port after the bracket") }
      port = text[end...].dropFirst(2)
      guard host.contains(":") else { throw malformed("only an IPv6 address stands in brackets") }
    } else {
      guard let colon = text.lastIndex(of: ":") else { throw malformed("no port") }
      host = text[..<colon]
      port = text[text.index(after: colon)...]
      guard !host.contains(":") else { throw malformed("an IPv6 address needs brackets, as in [::1]:7000") }
    }
    guard !host.isEmpty else { throw malformed("no host") }
    guard host.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw malformed("a host name is ASCII without spaces")
    }
    guard !port.isEmpty, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(port) else {
      throw malformed("a port is a number from 0 to 65535, not \"\(port)\"")
    }
    self.init(host: String(host), port: number)
  }

  /// Whether it is an address of this machine that others cannot reach; a name other than `localhost` is not.
  package var isLoopback: Bool {
    if host == "localhost" || host.hasSuffix(".localhost") { return true }
    var v4 = in_addr()
    if inet_pton(AF_INET, host, &v4) == 1 { return UInt32(bigEndian: v4.s_addr) >> 24 == 127 }
    var v6 = in6_addr()
    guard inet_pton(AF_INET6, host, &v6) == 1 else { return false }
    return withUnsafeBytes(of: v6) { bytes in
      let zeros = bytes.prefix { $0 == 0 }.count
      let isOne = zeros == 15 && bytes[15] == 1
      let isMappedLoopback = zeros == 10 && bytes[10] == 0xFF && bytes[11] == 0xFF && bytes[12] == 127
      return isOne || isMappedLoopback
    }
  }

  /// Refuses to be reachable from elsewhere without mutual TLS, unless the user says `--insecure`.
  ///
  /// - Throws: ``TransportError/notLoopback(_:)``.
  package func refuseNonLoopback(unlessInsecure insecure: Bool) throws(TransportError) {
    if !insecure && !isLoopback { throw .notLoopback(self) }
  }
}

extension SocketAddress: CustomStringConvertible {
  package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
