/// Asks whether the other side lives; answered by a ``Pong`` with the same token.
package struct Ping: Equatable, Sendable {
  /// Opaque to the other side.
  package var token: UInt64

  package init(token: UInt64) { self.token = token }
}

package struct Pong: Equatable, Sendable {
  package var token: UInt64
  /// Requests that wait at the sender.
  package var queueDepth: UInt16

  package init(token: UInt64, queueDepth: UInt16) {
    self.token = token
    self.queueDepth = queueDepth
  }
}
