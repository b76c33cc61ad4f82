import DequeModule
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
  var limits: Limits
  /// The models that it holds.
  var digests: [SHA256Digest]
  var state: State
  /// Whether it is trusted with work.
  var breaker = CircuitBreaker()
  /// Why it is not, while the breaker is not closed.
  var suspicion = ""
  var reports = ReportTrust()
  /// Under the `request` clock: the states of blocks.
  var linkStates = LinkStates()
  /// Under the `wall` clock: the SNR in dB that the last report or reply told.
  var currentSNRDB: Float?
  /// The SNR in dB of the last latent that it answered.
  var lastSNRDB: Float?

  /// Dispatches that it has not answered, oldest first; some may have been given up.
  var dispatches = Deque<UInt64>()
  /// Latents dispatched and not answered.
  var inFlight = 0
  /// Latents of other base stations that wait at it, by what it last told.
  var loadOfOthers = 0
  var replyTime = ReplyTime()
  /// Nanoseconds that it computes on one latent, a running mean; 0 before the first reply.
  var timePerLatent: UInt64 = 0
  /// Latents answered since the connection was made.
  var answered: UInt64 = 0

  /// What it takes, as its newest HELLO says.
  struct Limits {
    let frameBytes: Int
    /// Latents in one frame.
    let batch: Int

    init(_ hello: Hello) {
      frameBytes = Int(hello.maximumFrameBytes)
      batch = Int(hello.maximumBatch)
    }
  }

  enum State: Equatable {
    /// Takes work as long as the breaker is closed; becomes `draining` or `ineligible`.
    case serving
    /// Said goodbye: finishes what it has, takes nothing new.
    case draining
    /// Connected but unusable, with the reason (another model, another clock); becomes `serving` if the reason goes.
    case ineligible(String)
  }

  /// As the log calls it.
  var name: String { "expert \(expert) (\(node), \(address))" }

  /// Whether it is given work.
  var isUp: Bool { state == .serving && breaker.isClosed }

  /// The link's state during `block`, or nil where it is not known.
  func snrDB(block: UInt64) -> Float? {
    switch clock {
    case .request: linkStates.snrDB(ofBlock: block)
    case .wall: currentSNRDB
    }
  }

  /// Work that waits at the process, in latents.
  var load: Int { inFlight + loadOfOthers }

  /// When another latent is expected to be answered, in nanoseconds from now.
  var expectedWait: UInt64 { UInt64(load + 1) * timePerLatent + (load == 0 ? replyTime.mean ?? 0 : 0) }

  /// Takes note of what a reply tells of the process's load and speed.
  mutating func note(_ reply: Reply, took nanoseconds: UInt64) {
    replyTime.record(nanoseconds)
    loadOfOthers = max(0, Int(reply.queueDepth) - inFlight)
    let measured = UInt64(reply.computeMicroseconds) * 1000 / UInt64(max(reply.items.count, 1))
    timePerLatent = timePerLatent == 0 ? measured : (7 * timePerLatent + measured) / 8
  }
}
