package import Digests
package import Radio

/// What one expert process is and how its link behaves.
package struct ExpertNodeConfiguration: Sendable {
  /// k, from 0.
  package let expert: Int
  /// The model that it starts with.
  package let model: HeldModel
  /// Keys this process's links; replicas of one expert have different ones.
  package let linkProcess: UInt32
  package let link: LinkConfiguration
  package let clock: LinkClock
  /// How long a block of the wall clock lasts, in nanoseconds.
  package var coherence: UInt64 { UInt64((link.blockDuration * 1e9).rounded()) }
  /// Beyond this the expert answers that it is busy.
  package var maximumLatentsInHand = 16_384
  /// Latents that one run of the network takes at most; a larger dispatch has a run of its own.
  package var maximumBatch = 256
  /// Runs of the network at once; one per compute worker.
  package var maximumConcurrentJobs = 1
  /// Whether the log tells of every dispatch.
  package var logsDispatches = false

  package init(
    expert: Int, model: HeldModel, linkProcess: UInt32, link: LinkConfiguration, clock: LinkClock
  ) {
    precondition(link.blockDuration >= 1e-6, "a block lasts \(link.blockDuration) s")
    self.expert = expert
    self.model = model
    self.linkProcess = linkProcess
    self.link = link
    self.clock = clock
  }
}

/// What an expert's logic knows of a model that it holds.
package struct HeldModel: Sendable, Equatable {
  package let digest: SHA256Digest
  /// K.
  package let expertCount: Int
  /// N_F.
  package let latentCount: Int
  package let outputCount: Int
  /// Whether the model has what digital links code latents with.
  package let hasDigitalLink: Bool

  package init(digest: SHA256Digest, expertCount: Int, latentCount: Int, outputCount: Int, hasDigitalLink: Bool) {
    self.digest = digest
    self.expertCount = expertCount
    self.latentCount = latentCount
    self.outputCount = outputCount
    self.hasDigitalLink = hasDigitalLink
  }
}
