package import Transport
package import WireProtocol

/// What the base station's logic wants done; the shell performs directives in their order.
package enum Directive: Sendable {
  /// Run backbone and gate over a batch on a compute worker and call `onRouted` with what comes out.
  case compute(Batch)
  /// Send latents to an expert process, coalesced into one frame.
  case dispatch(PeerID, id: UInt64, [DispatchedLatent])
  /// Send any other message.
  case send(PeerID, Message, requestID: UInt64)
  /// Close a connection.
  case disconnect(PeerID, reason: String)
  /// Write to the log.
  case log(LogLine)
  /// Nothing is in flight any more and no new work is taken: the daemon may end.
  case drained
}
