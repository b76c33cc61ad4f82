package import Digests

/// A base station's answer to a status request.
package struct Status: Equatable, Sendable {
  package enum ExpertState: UInt8, Sendable, CaseIterable, CustomStringConvertible {
    case connecting = 0
    case up = 1
    case suspect = 2
    case draining = 3
    case down = 4

    package var description: String {
      switch self {
      case .connecting: "connecting"
      case .up: "up"
      case .suspect: "suspect"
      case .draining: "draining"
      case .down: "down"
      }
    }
  }

  package struct Expert: Equatable, Sendable {
    /// nil for an address that is dialled and has never told.
    package var expert: UInt16?
    package var state: ExpertState
    package var node: String
    package var address: String
    /// The newest state of its link that the base station knows.
    package var snrDB: Float?
    /// Latents that wait at it.
    package var queue: UInt32
    /// Why it is not up, where there is something to say; cut to 255 bytes on the wire.
    package var reason: String

    package init(
      expert: UInt16?, state: ExpertState, node: String, address: String, snrDB: Float?, queue: UInt32,
      reason: String = ""
    ) {
      self.expert = expert
      self.state = state
      self.node = node
      self.address = address
      self.snrDB = snrDB
      self.queue = queue
      self.reason = reason
    }
  }

  package struct Counter: Equatable, Sendable {
    package var name: String
    package var value: UInt64

    package init(name: String, value: UInt64) {
      self.name = name
      self.value = value
    }
  }

  package var modelName: String
  package var digest: SHA256Digest
  package var uptimeMicroseconds: UInt64
  /// Whether a request would be served now.
  package var canServe: Bool
  package var experts: [Expert]
  package var counters: [Counter]

  package init(
    modelName: String, digest: SHA256Digest, uptimeMicroseconds: UInt64, canServe: Bool, experts: [Expert],
    counters: [Counter] = []
  ) {
    self.modelName = modelName
    self.digest = digest
    self.uptimeMicroseconds = uptimeMicroseconds
    self.canServe = canServe
    self.experts = experts
    self.counters = counters
  }
}
