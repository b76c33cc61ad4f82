package import Radio
package import Transport
package import WireProtocol

/// What the expert's logic wants done; the shell performs directives in their order.
package enum Directive: Sendable {
  /// Carry the latents over the link and run the expert network on a compute worker, then call `onComputed`.
  case compute(Work)
  case send(PeerID, Message, requestID: UInt64)
  case disconnect(PeerID, reason: String)
  case log(LogLine)
  /// Nothing is in hand any more and no new work is taken: the daemon may end.
  case drained
}

/// A dispatch with the link that carries it.
package struct Work: Sendable {
  package let peer: PeerID
  package let requestID: UInt64
  package let dispatch: Dispatch
  package let link: SimulatedLink
  /// The block of each latent: its own under the `request` clock, the current one under `wall`.
  package let blocks: [UInt64]
  /// The packets of a digital dispatch, checked; empty for others.
  package let coded: [CodedLatent]
}
