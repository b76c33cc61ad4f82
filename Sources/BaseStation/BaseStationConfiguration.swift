package import MixtureOfExperts
package import Radio

/// How one base station routes and what it tolerates. Times are nanoseconds of the monotonic clock.
package struct BaseStationConfiguration: Sendable {
  /// Keys the randomness of every link of this base station.
  package var id: UInt32 = 0
  package var policy: GatePolicy = .channelAware
  package var link: LinkKind = .analog
  /// What follows when a digital link loses a latent.
  package var lossRule = LossRule()
  /// Experts that every image is sent to.
  package var topK = 1
  /// Keys the choices of `--gate random`.
  package var seed: UInt64 = 0

  /// Images that one run of the backbone takes at most.
  package var maximumBatch = 32
  /// Batches that are computed at once; one per compute worker.
  package var maximumConcurrentBatches = 2
  /// Images that wait for their turn at most; beyond, clients are told that the base station is busy.
  package var maximumWaitingImages = 4096
  /// An expert that has not answered a dispatch for so long is suspect, and what it had goes to the next-best one.
  package var replyTimeout: UInt64 = 250_000_000
  /// A request that names no deadline ends after this time.
  package var requestTimeout: UInt64 = 10_000_000_000
  /// What a client is told to wait when the base station is busy, in microseconds.
  package var retryAfterMicroseconds: UInt32 = 20_000

  package init() {}
}
