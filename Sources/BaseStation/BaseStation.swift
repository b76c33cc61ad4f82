import Datasets
import DequeModule
package import Digests
package import MixtureOfExperts
import Radio
import Transport
import WireProtocol

/// The base station's decisions, as a value: events in, directives out; no I/O, no clock, no threads.
///
/// A request passes through these stations, each in a file of its own: its admission (`+Requests`), waiting for link
/// states (`+LinkStates`) and a compute worker (`+Batches`), backbone and gate (a `Batch`), the experts (`+Dispatch`,
/// `+Replies`), and its result (`+Results`). `+Experts` keeps the connected expert processes and `+Health` watches them,
/// `+Hedging` helps images whose experts are late, and `+Reload` changes the model.
package struct BaseStation: Sendable {
  package let configuration: BaseStationConfiguration
  /// The model that new requests are served with.
  package internal(set) var model: ServedModel
  /// The models in hand, by number: the served one, one that waits for experts to load it, one that has requests left.
  var models: [Int: ServedModel]
  var reload: Reload?
  let startedAt: UInt64

  /// ``refreshUsable()`` follows every change of who takes work.
  var processes: [PeerID: ExpertProcess] = [:]
  /// For every model in hand, the processes that take work.
  var usable: [Int: UsableProcesses] = [:]
  /// What is remembered of processes whose connection has ended, by node.
  var breakers: [String: CircuitBreaker] = [:]
  /// Addresses that the daemon dials, and whether it is connected or why not.
  var dialled: [DialTarget] = []

  var requests: [UInt64: PendingRequest] = [:]
  var dispatches: [UInt64: OutstandingDispatch] = [:]
  /// Requests, oldest first, that wait for link states.
  var waitingForLinkStates: [UInt64] = []
  /// The windows of blocks that requests in hand need, and how many do.
  var neededWindows: [UInt64: Int] = [:]
  var waitingForCompute = RequestQueue()
  var batchesUnderWay = 0
  /// Images between their arrival and the end of their backbone run.
  var imagesWaiting = 0
  var pace = BackbonePace()
  /// Images of which enough experts have answered, by when they wait for the others no longer.
  var cutOffs = Deque<(due: UInt64, index: SampleIndex)>()
  var retryBudget: TokenBucket
  var hedgeBudget: TokenBucket
  /// A latent of the served model, with which experts are probed.
  var probe: Probe?

  var isDraining = false
  /// When the last tick was.
  private var lastTick: UInt64
  /// Silence before this is this side's own.
  var excusedUntil: UInt64 = 0
  /// The earliest time for which a `.wakeUp` is on its way.
  private var nextWakeUp = UInt64.max
  var nextRequest: UInt64 = 0
  /// Numbers the questions to experts; 0 would speak of the whole connection.
  private var nextQuestion: UInt64 = 1
  /// Under the `request` clock: the block of the next image whose block the client has not named.
  var nextBlock: UInt64 = 0
  /// Under the `wall` clock: the number of the next message.
  var nextTag: UInt64 = 0
  var counters = Counters()
  var times = StageTimes()

  /// - Parameter now: nanoseconds of the monotonic clock, as in every event.
  package init(
    configuration: BaseStationConfiguration, model: ModelDescription, digest: SHA256Digest, head: Head? = nil,
    now: UInt64
  ) {
    precondition(model.expertCount <= ExpertSet.capacity, "a base station serves at most 64 experts")
    self.configuration = configuration
    self.model = ServedModel(number: 0, description: model, digest: digest, head: head)
    models = [0: self.model]
    // All that can be in hand may fail at once.
    retryBudget = TokenBucket(share: configuration.retryBudget, capacity: configuration.maximumWaitingImages)
    hedgeBudget = TokenBucket(share: configuration.hedgeBudget, capacity: configuration.hedgeBudget > 0 ? 16 : 0)
    startedAt = now
    lastTick = now
    refreshUsable()
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
    /// Latents sent again because a link lost them, because an expert failed, and because one was late.
    var lossRedispatches: UInt64 = 0
    var retries: UInt64 = 0
    var hedges: UInt64 = 0
    /// Images whose retry the budget did not allow.
    var retriesRefused: UInt64 = 0
    /// Requests refused as busy, and requests that were not finished in time.
    var refusedRequests: UInt64 = 0
    var expiredRequests: UInt64 = 0
    /// Images that the base station's own experts classified.
    var fallbacks: UInt64 = 0
    /// Images whose slowest experts were not waited for.
    var cutOffs: UInt64 = 0
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

  /// At least this often the shell calls ``onTick(now:)``, in nanoseconds.
  package static let tickInterval: UInt64 = 50_000_000
  /// After a pause of this length beyond its time, a tick finds replies in the sockets that nobody has read yet.
  private static let lateTick: UInt64 = 100_000_000

  /// Looks at everything that can be due; the shell calls it at every ``tickInterval`` and whenever a `.wakeUp` says.
  package mutating func onTick(now: UInt64) -> [Directive] {
    var directives: [Directive] = []
    if now - lastTick > Self.tickInterval + Self.lateTick { excusedUntil = now }
    lastTick = now
    if nextWakeUp <= now { nextWakeUp = .max }
    // First, so that nothing is begun for whom nobody waits any more.
    endOverdueRequests(now: now, &directives)
    settleCutOff(now: now, &directives)
    suspectOverdueExperts(now: now, &directives)
    hedgeLateSamples(now: now, &directives)
    probeDueExperts(now: now, &directives)
    releaseRequestsTiredOfWaiting(now: now, &directives)
    giveUpOverdueReload(now: now, &directives)
    startBatches(now: now, &directives)
    return directives
  }

  /// Has the shell call ``onTick(now:)`` at `time`, if nothing earlier does.
  mutating func wakeUp(at time: UInt64, _ directives: inout [Directive]) {
    guard time < nextWakeUp else { return }
    nextWakeUp = time
    directives.append(.wakeUp(at: time))
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
