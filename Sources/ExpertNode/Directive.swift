package import Digests
package import Radio
package import Transport
package import WireProtocol

/// What the expert's logic wants done; the shell performs directives in their order.
package enum Directive: Sendable {
  /// Carry the latents over their links and run the expert network over all of them on a compute worker, then call
  /// `onComputed`.
  case compute(Job)
  case send(PeerID, Message, requestID: UInt64)
  case disconnect(PeerID, reason: String)
  /// Read the model's folder again, beside the io queue, and call `onModelLoaded`.
  case loadModel
  /// Say HELLO again to every base station: other models are held.
  case announce
  /// Nobody needs that model any more.
  case retire(SHA256Digest)
  case log(LogLine)
  /// Nothing is in hand any more and no new work is taken: the daemon may end.
  case drained
}

/// Dispatches that one run of the expert network answers.
package struct Job: Sendable {
  /// All of one model, in the order in which they came.
  package internal(set) var works: [Work]

  package var modelDigest: SHA256Digest { works[0].dispatch.modelDigest }
  /// Latents.
  package var count: Int { works.reduce(0) { $0 + $1.count } }
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
  /// When nobody waits for it any more, in nanoseconds of the monotonic clock.
  let deadline: UInt64

  package var count: Int { blocks.count }
}
