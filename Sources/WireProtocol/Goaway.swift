/// Says that the sender takes no new work on this connection; what is in flight is finished.
package struct Goaway: Equatable, Sendable {
  package enum Reason: UInt8, Sendable, CaseIterable {
    case shutdown = 1
    case reload = 2
    case overload = 3
  }

  package var reason: Reason
  /// When the sender will close the connection at the latest.
  package var graceMicroseconds: UInt32
  package var message: String

  package init(reason: Reason, graceMicroseconds: UInt32, message: String = "") {
    self.reason = reason
    self.graceMicroseconds = graceMicroseconds
    self.message = message
  }
}
