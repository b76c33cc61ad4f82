/// Accepts connections at one address.
package final class Listener: @unchecked Sendable {
  /// The actual one, also where port 0 was asked for.
  package let address: SocketAddress

  /// - Parameter onAccept: called on the io queue with a connection that has not started to read.
  package init(
    address: SocketAddress, io: IOQueue, options: Connection.Options = .init(),
    onAccept: @escaping @Sendable (Connection) -> Void
  ) throws(TransportError) { fatalError() }

  /// Stops accepting; the connections live on. On the io queue only.
  package func close() { fatalError() }
}
