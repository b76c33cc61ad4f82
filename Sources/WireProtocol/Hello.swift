package import Datasets
package import Digests
package import Radio

/// The first message of either side: who it is, what it speaks, how much it takes.
///
/// The side that dialled says it first; the other answers with its own, or with an error. Later in the connection a node
/// may say it again, with the same role, node id and generation, when its detail has changed (a model loaded, say).
package struct Hello: Equatable, Sendable {
  package var versions: ProtocolVersions
  /// Stable over restarts; see ``NodeID``.
  package var nodeID: String
  /// New, and larger, at every start of the process; of two connections with one node id the larger generation wins.
  package var generation: UInt64
  /// Program and version, for logs.
  package var software: String
  /// The largest frame that this side takes.
  package var maximumFrameBytes: UInt32
  /// The largest number of images or latents in one frame that this side takes.
  package var maximumBatch: UInt16
  package var detail: Detail

  package enum Detail: Equatable, Sendable {
    case client
    case `operator`
    case expert(Expert)
    case baseStation(BaseStation)
  }

  package struct Expert: Equatable, Sendable {
    /// Which expert of the mixture: 0 to ``expertCount`` - 1.
    package var index: UInt16
    package var expertCount: UInt16
    /// Tells processes of one index apart; keys the randomness of the link.
    package var linkProcess: UInt32
    /// The models that it holds, the preferred one first.
    package var digests: [SHA256Digest]
    package var clock: LinkClock
    /// How long a block lasts by the wall clock.
    package var coherenceMicroseconds: UInt32
    package var latentCount: UInt32
    package var outputCount: UInt32

    package init(
      index: UInt16, expertCount: UInt16, linkProcess: UInt32, digests: [SHA256Digest], clock: LinkClock,
      coherenceMicroseconds: UInt32, latentCount: UInt32, outputCount: UInt32
    ) {
      self.index = index
      self.expertCount = expertCount
      self.linkProcess = linkProcess
      self.digests = digests
      self.clock = clock
      self.coherenceMicroseconds = coherenceMicroseconds
      self.latentCount = latentCount
      self.outputCount = outputCount
    }
  }

  package struct BaseStation: Equatable, Sendable {
    /// Keys the randomness of its links.
    package var id: UInt32
    package var modelName: String
    package var digest: SHA256Digest
    package var inputShape: ImageShape
    /// May be empty towards an expert.
    package var classLabels: [String]
    package var gate: String
    package var link: LinkKind

    package init(
      id: UInt32, modelName: String, digest: SHA256Digest, inputShape: ImageShape, classLabels: [String], gate: String,
      link: LinkKind
    ) {
      self.id = id
      self.modelName = modelName
      self.digest = digest
      self.inputShape = inputShape
      self.classLabels = classLabels
      self.gate = gate
      self.link = link
    }
  }

  package init(
    versions: ProtocolVersions = .supported, nodeID: String, generation: UInt64, software: String,
    maximumFrameBytes: UInt32 = UInt32(FrameLimits.standard.maximumFrameBytes), maximumBatch: UInt16 = 1024,
    detail: Detail
  ) {
    self.versions = versions
    self.nodeID = nodeID
    self.generation = generation
    self.software = software
    self.maximumFrameBytes = maximumFrameBytes
    self.maximumBatch = maximumBatch
    self.detail = detail
  }

  package var role: Role {
    switch detail {
    case .client: .client
    case .operator: .operator
    case .expert: .expert
    case .baseStation: .baseStation
    }
  }
}
