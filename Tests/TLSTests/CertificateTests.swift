import Digests
import TLS
import TestCertificates
import Testing
import WireProtocol

/// Whose certificate is accepted by whom, and how each side is told.
@Suite(.enabled(if: CertificateFolder.canBeMade, "needs the openssl command"))
struct CertificateTests {
  private func refusal(
    client: TLSContext, server: TLSContext, host: String = "localhost"
  ) throws -> (client: String, server: String) {
    let pair = try SessionPair(client: client, server: server, host: host)
    try pair.sendFromClient([1])
    pair.carry()
    #expect(pair.serverReceived.isEmpty)
    return (pair.clientError.map { "\($0)" } ?? "", pair.serverError.map { "\($0)" } ?? "")
  }

  @Test func `a client's certificate of another authority is refused, and both sides say so`() throws {
    let (own, other) = (try CertificateFolder.shared.get(), try CertificateFolder.stranger.get())
    let told = try refusal(
      client: TLSContext(other.files("client", authority: own)), server: TLSContext(own.files("bs")))
    #expect(told.server.hasPrefix("TLS: refused its certificate /CN=client (client): not signed by an authority"))
    #expect(told.client.contains("unknown CA"))
  }

  @Test func `a server's certificate of another authority is refused, and both sides say so`() throws {
    let (own, other) = (try CertificateFolder.shared.get(), try CertificateFolder.stranger.get())
    let told = try refusal(
      client: TLSContext(own.files("client")), server: TLSContext(other.files("bs", authority: own)))
    #expect(told.client.hasPrefix("TLS: refused its certificate /CN=bs (base station): not signed by an authority"))
    #expect(told.server.contains("unknown CA"))
  }

  @Test func `expired certificates are refused in both directions`() throws {
    let (own, expired) = (try CertificateFolder.shared.get(), try CertificateFolder.expired.get())
    let client = try refusal(client: TLSContext(expired.files("client")), server: TLSContext(own.files("bs")))
    #expect(client.server.contains("/CN=client (client): expired at 20"))
    #expect(client.client.contains("this node's certificate has expired"))
    let server = try refusal(client: TLSContext(own.files("client")), server: TLSContext(expired.files("bs")))
    #expect(server.client.contains("/CN=bs (base station): expired at 20"))
    #expect(server.server.contains("this node's certificate has expired"))
  }

  @Test func `a client's certificate does not serve`() throws {
    let own = try CertificateFolder.shared.get()
    let told = try refusal(client: TLSContext(own.files("client")), server: TLSContext(own.files("operator")))
    #expect(told.client == "TLS: refused its certificate /CN=operator (operator): it is not for servers")
  }

  @Test func `the certificate names the host that was dialled, or is pinned`() throws {
    let own = try CertificateFolder.shared.get()
    let server = try TLSContext(own.files("bs"))
    for host in ["localhost", "127.0.0.1", "::1"] {
      let pair = try SessionPair(client: TLSContext(own.files("client")), server: server, host: host)
      pair.carry()
      #expect(pair.client.isOpen && pair.server.isOpen, "\(host)")
    }
    for host in ["elsewhere.example", "127.0.0.2", "bs", ""] {
      let told = try refusal(client: TLSContext(own.files("client")), server: server, host: host)
      #expect(told.client.hasSuffix("it is not that of the host \(host)"))
      #expect(told.server.contains("does not accept this node's certificate"))
    }
    var files = own.files("client")
    files.pins = [server.certificate.fingerprint]
    let pair = try SessionPair(client: TLSContext(files), server: server, host: "elsewhere.example")
    pair.carry()
    #expect(pair.client.isOpen && pair.server.isOpen)
  }

  @Test func `a pin does not stand in for the authority`() throws {
    let (own, other) = (try CertificateFolder.shared.get(), try CertificateFolder.stranger.get())
    let server = try TLSContext(other.files("bs", authority: own))
    var files = own.files("client")
    files.pins = [server.certificate.fingerprint]
    #expect(try refusal(client: TLSContext(files), server: server).client.contains("not signed by an authority"))
  }

  @Test func `roles and indices are written in one way only`() {
    for (identity, uri) in [
      (.baseStation, "urn:moe-edge:bs"), (.expert(0), "urn:moe-edge:expert:0"), (.expert(63), "urn:moe-edge:expert:63"),
      (.client, "urn:moe-edge:client"), (.operator, "urn:moe-edge:operator"),
    ] as [(NodeIdentity, String)] {
      #expect(identity.uri == uri)
      #expect(NodeIdentity(uri: uri) == identity)
    }
    for uri in [
      "", "urn:moe-edge:", "urn:moe-edge:expert", "urn:moe-edge:expert:", "urn:moe-edge:expert:03",
      "urn:moe-edge:expert:+3", "urn:moe-edge:expert:-1", "urn:moe-edge:expert:65536", "urn:moe-edge:BS",
      "urn:moe-edge:bs ", "urn:other:bs",
    ] {
      #expect(NodeIdentity(uri: uri) == nil, "\(uri)")
    }
  }

  @Test func `a hello of another role or index than the certificate's is refused`() throws {
    let own = try CertificateFolder.shared.get()
    func hello(_ detail: Hello.Detail) -> Hello {
      Hello(nodeID: "node", generation: 1, software: "test", detail: detail)
    }
    let client = try TLSContext(own.files("client")).certificate
    try client.check(hello(.client))
    #expect(
      throws: ProtocolError(
        .unauthorised, "node says that it is operator, but its certificate /CN=client is for client")
    ) {
      try client.check(hello(.operator))
    }
  }
}
