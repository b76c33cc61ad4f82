/// A host and a port as people write them: `127.0.0.1:7000`, `[::1]:7000`, `edge-3.example:7000`.
package struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
  /// A name or a literal address, without brackets.
  package var host: String
  package var port: UInt16

  package init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  package init(parsing text: String) throws(TransportError) { fatalError() }

  /// Whether it is an address of this machine that others cannot reach; a name other than `localhost` is not.
  package var isLoopback: Bool { fatalError() }

  /// Refuses to be reachable from elsewhere without mutual TLS, unless the user says `--insecure`.
  package func refuseNonLoopback(unlessInsecure insecure: Bool) throws(TransportError) { fatalError() }

  package var description: String { fatalError() }
}
