import Datasets
import DequeModule
package import Digests
package import MixtureOfExperts
import Radio
import Transport
import WireProtocol

/// The base station's decisions, as a value: events in, directives out; no I/O, no clock, no threads.
///
/// A request passes through these stations, each in a file of its own:
/// waiting for link states and a compute worker (`+Requests`), backbone and gate (a `Batch`), the experts
/// (`+Dispatch`), and its result (`+Results`). `+Experts` keeps the connected expert processes.
package struct BaseStation: Sendable {
  package let configuration: BaseStationConfiguration
  /// The model that is served.
  package let model: ModelDescription
  package let digest: SHA256Digest
  /// The shape of the images that clients send.
  let inputShape: ImageShape
  let startedAt: UInt64

  var processes: [PeerID: ExpertProcess] = [:]
  /// Addresses that the daemon dials, and whether it is connected or why not.
  var dialled: [DialTarget] = []

  var requests: [UInt64: PendingRequest] = [:]
  var dispatches: [UInt64: OutstandingDispatch] = [:]
  /// Requests, oldest first, that wait for link states.
  var waitingForLinkStates: [UInt64] = []
  /// Parts of requests, oldest first, that wait for a compute worker.
  var waitingForCompute = Deque<RequestSlice>()
  var batchesUnderWay = 0
  /// Images between their arrival and the end of their backbone run.
  var imagesWaiting = 0

  var isDraining = false
  var nextRequest: UInt64 = 0
  /// Numbers the questions to experts; 0 would speak of the whole connection.
  private var nextQuestion: UInt64 = 1
  /// Under the `request` clock: the block of the next image whose block the client has not named.
  var nextBlock: UInt64 = 0
  /// Under the `wall` clock: the number of the next message.
  var nextTag: UInt64 = 0
  var counters = Counters()

  /// - Parameter now: nanoseconds of the monotonic clock, as in every event.
  package init(
    configuration: BaseStationConfiguration, model: ModelDescription, digest: SHA256Digest, now: UInt64
  ) {
    precondition(model.expertCount <= ExpertSet.capacity, "a base station serves at most 64 experts")
    self.configuration = configuration
    self.model = model
    self.digest = digest
    inputShape = model.inputShape
    startedAt = now
  }

  /// A part of a request that one batch takes.
  struct RequestSlice {
    let request: UInt64
    let images: Range<Int>
  }

  /// An address that the daemon dials.
  struct DialTarget {
    let address: String
    var state: State

    enum State {
      case connecting
      case connected(PeerID)
      case failed(String)
    }
  }

  /// What has happened since the start.
  struct Counters {
    var requests: UInt64 = 0
    var images: UInt64 = 0
    var failedImages: UInt64 = 0
    var redispatches: UInt64 = 0
    var batches: UInt64 = 0
    /// Latents that experts have had over their links, and codewords among them whose check failed.
    var transmissions: UInt64 = 0
    var decodeFailures: UInt64 = 0
  }

  /// The request id of the next dispatch or subscription.
  mutating func countQuestion() -> UInt64 {
    defer { nextQuestion += 1 }
    return nextQuestion
  }

  // MARK: Time

  /// Looks at everything that can be overdue; the shell calls it every few tens of milliseconds.
  package mutating func onTick(now: UInt64) -> [Directive] {
    var directives: [Directive] = []
    suspectOverdueExperts(now: now, &directives)
    releaseRequestsTiredOfWaiting(now: now, &directives)
    endOverdueRequests(now: now, &directives)
    return directives
  }

  /// Takes no new work from now on; `.drained` follows when nothing is left in hand.
  package mutating func onDrain() -> [Directive] {
    guard !isDraining else { return [] }
    isDraining = true
    var directives: [Directive] = [.log(.notice("draining: \(requests.count) requests in hand"))]
    endIfDrained(&directives)
    return directives
  }

  func endIfDrained(_ directives: inout [Directive]) {
    if isDraining && requests.isEmpty { directives.append(.drained) }
  }
}
