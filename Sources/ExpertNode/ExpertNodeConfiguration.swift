package import Digests
package import Radio

/// What one expert process is and how its link behaves.
package struct ExpertNodeConfiguration: Sendable {
  /// k, from 0.
  package let expert: Int
  /// K.
  package let expertCount: Int
  package let modelDigest: SHA256Digest
  /// N_F.
  package let latentCount: Int
  package let outputCount: Int
  /// Whether the model has what digital links code latents with.
  package let hasDigitalLink: Bool
  /// Keys this process's links; replicas of one expert have different ones.
  package let linkProcess: UInt32
  package let link: LinkConfiguration
  package let clock: LinkClock
  /// How long a block of the wall clock lasts, in nanoseconds.
  package var coherence: UInt64 { UInt64((link.blockDuration * 1e9).rounded()) }
  /// Beyond this the expert answers that it is busy.
  package var maximumLatentsInHand = 16_384

  package init(
    expert: Int, expertCount: Int, modelDigest: SHA256Digest, latentCount: Int, outputCount: Int,
    hasDigitalLink: Bool, linkProcess: UInt32, link: LinkConfiguration, clock: LinkClock
  ) {
    precondition(link.blockDuration >= 1e-6, "a block lasts \(link.blockDuration) s")
    self.expert = expert
    self.expertCount = expertCount
    self.modelDigest = modelDigest
    self.latentCount = latentCount
    self.outputCount = outputCount
    self.hasDigitalLink = hasDigitalLink
    self.linkProcess = linkProcess
    self.link = link
    self.clock = clock
  }
}
