package import TLS
package import WireProtocol

extension TLSSession: ByteTransform {
  package func start(_ output: inout TransformOutput) throws { try start(&output.toSend) }

  package func receive(_ bytes: UnsafeRawBufferPointer, _ output: inout TransformOutput) throws {
    defer { output.isAtEnd = hasEnded }
    try receive(bytes, received: &output.received, toSend: &output.toSend)
  }

  package func send(_ bytes: UnsafeRawBufferPointer, _ output: inout TransformOutput) throws {
    try send(bytes, &output.toSend)
  }

  package func close(_ output: inout TransformOutput) { close(&output.toSend) }

  package func check(_ hello: Hello) throws(ProtocolError) {
    guard let peerCertificate else { throw ProtocolError(.unauthorised, "\(hello.nodeID) has shown no certificate") }
    try peerCertificate.check(hello)
  }
}

extension Peer.Options {
  /// Has every connection that is made from now on speak TLS with these credentials.
  package mutating func secure(with credentials: TLSCredentials) {
    connection.transform = { dialled in TLSSession(credentials.context, dialledHost: dialled?.host) }
  }
}
