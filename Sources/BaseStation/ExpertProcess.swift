import Digests
import Radio
import Transport
import WireProtocol

/// One connected expert process as the base station sees it.
struct ExpertProcess {
  let peer: PeerID
  let node: String
  let generation: UInt64
  let expert: Int
  /// The process's own number, which keys its link.
  let linkProcess: UInt32
  let address: String
  let clock: LinkClock
  /// The models that it holds.
  let digests: [SHA256Digest]
  var state: State
  /// Under the `request` clock: the states of blocks.
  var linkStates = LinkStates()
  /// Under the `wall` clock: the SNR in dB that the last report or reply told.
  var currentSNRDB: Float?
  /// The SNR in dB of the last latent that it answered.
  var lastSNRDB: Float?
  /// Latents dispatched and not answered.
  var inFlight = 0
  /// The queue depth that the expert last told.
  var queueDepth: UInt16 = 0
  /// Latents answered since the connection was made.
  var answered: UInt64 = 0

  enum State: Equatable {
    /// Takes work; becomes `suspect`, `draining` or `ineligible`.
    case up
    /// Silent for too long; becomes `up` at its next sign of life.
    case suspect
    /// Said goodbye: finishes what it has, takes nothing new.
    case draining
    /// Connected but unusable, with the reason (another model, another clock); becomes `up` if the reason goes.
    case ineligible(String)
  }

  /// The link's state during `block`, or nil where it is not known.
  func snrDB(block: UInt64) -> Float? {
    switch clock {
    case .request: linkStates.snrDB(ofBlock: block)
    case .wall: currentSNRDB
    }
  }

  /// Work that waits at the process, in latents.
  var load: Int { inFlight + Int(queueDepth) }
}
