import Testing
import Transport

struct SocketAddressTests {
  @Test(arguments: [
    ("127.0.0.1:7000", "127.0.0.1", UInt16(7000)), ("[::1]:0", "::1", 0),
    ("edge-3.example:65535", "edge-3.example", 65535),
  ]) func `an address is read and written as people write it`(text: String, host: String, port: UInt16) throws {
    let address = try SocketAddress(parsing: text)
    #expect(address == SocketAddress(host: host, port: port))
    #expect("\(address)" == text)
  }

  @Test(arguments: [
    ("", "no port"), ("localhost", "no port"), (":7000", "no host"), ("::1:7000", "needs brackets"),
    ("[::1]", "no port"),
    ("[::1", "not closed"), ("[host]:1", "only an IPv6"), ("host:", "a port is a number"), ("host:65536", "65536"),
    ("host:-1", "-1"), ("host:+1", "+1"), ("a b:1", "without spaces"), ("host:http", "http"),
  ]) func `what is no address is refused with the reason`(text: String, reason: String) {
    let error = #expect(throws: TransportError.self) { try SocketAddress(parsing: text) }
    #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    #expect(error?.description.hasPrefix("\"\(text)\" is no address (HOST:PORT): ") == true)
  }

  @Test(arguments: [
    "127.0.0.1", "127.8.9.10", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "localhost", "a.localhost",
  ])
  func `addresses of this machine alone are loopback`(host: String) throws {
    let address = SocketAddress(host: host, port: 1)
    #expect(address.isLoopback)
    try address.refuseNonLoopback(unlessInsecure: false)
  }

  @Test(arguments: [
    "0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "::2", "::ffff:10.0.0.1", "example.org", "notlocalhost", "127.1",
  ])
  func `an address that others can reach is refused unless it is meant`(host: String) throws {
    let address = SocketAddress(host: host, port: 1)
    #expect(!address.isLoopback)
    let error = #expect(throws: TransportError.self) { try address.refuseNonLoopback(unlessInsecure: false) }
    #expect(error == .notLoopback(address))
    #expect(error?.description.contains("--insecure") == true)
    try address.refuseNonLoopback(unlessInsecure: true)
  }
}
