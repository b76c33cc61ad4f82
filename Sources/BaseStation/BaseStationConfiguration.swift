package import MixtureOfExperts
package import Radio

/// How one base station routes and what it tolerates. Times are nanoseconds of the monotonic clock.
package struct BaseStationConfiguration: Sendable, Equatable {
  /// Keys the randomness of every link of this base station.
  package var id: UInt32 = 0
  package var policy: GatePolicy = .channelAware
  package var link: LinkKind = .analog
  /// What follows when a digital link loses a latent.
  package var lossRule = LossRule()
  /// Experts that every image is sent to.
  package var topK = 1
  /// Answers after which an image waits for the others no longer than ``stragglerTime``; nil waits for all.
  package var minimumAnswers: Int?
  package var stragglerTime: UInt64 = 1_000_000
  /// Keys the choices of `--gate random`.
  package var seed: UInt64 = 0
  /// How waiting counts against an expert beside the gate; nil is the paper's rule, in which it does not.
  package var loadRule: LoadRule?
  /// How their computation counts against experts beside the gate; by default, as in the paper, it does not.
  package var computePrice = ComputePrice.none
  /// Whether images that no expert can take are classified by the base station's own copies of the experts.
  package var fallsBackToLocalExperts = false

  /// Images that one run of the backbone takes at most.
  package var maximumBatch = 32
  /// How long an idle worker waits for a batch to fill.
  package var maximumWait: UInt64 = 0
  /// Batches that are computed at once; one per compute worker.
  package var maximumConcurrentBatches = 2
  /// Images that wait for their turn at most; beyond, clients are told that the base station is busy.
  package var maximumWaitingImages = 4096
  /// How long what waits may take to compute at most; beyond, clients are told that the base station is busy.
  package var maximumQueueTime: UInt64 = 1_000_000_000

  /// An expert that has not answered a dispatch for so long is suspect, and what it had goes to the next-best one.
  package var replyTimeout: UInt64 = 250_000_000
  /// It is suspect sooner, by the statistics of its own replies, but not before this.
  package var minimumReplyTimeout: UInt64 = 100_000_000
  /// Latents that may be sent again because of faults, as a share of the images taken.
  package var retryBudget = 0.1
  /// Latents that may be sent to a second expert because the first is late, as a share of the images taken.
  package var hedgeBudget = 0.0
  /// A request that names no deadline ends after this time.
  package var requestTimeout: UInt64 = 10_000_000_000
  /// A request that names a later deadline ends after this time.
  package var longestRequestTimeout: UInt64 = 3_600_000_000_000
  /// What a client is told to wait at least when the base station cannot serve it, in microseconds.
  package var retryAfterMicroseconds: UInt32 = 20_000
  /// How long experts may take to load a model before a reload is given up.
  package var reloadTimeout: UInt64 = 60_000_000_000
  /// Whether the log tells of every request.
  package var logsRequests = false

  package init() {}
}
