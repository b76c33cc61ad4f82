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
    /// Latents that it has answered since it connected.
    package var answered: UInt64
    /// How long it takes to reply, a running mean; 0 before its first reply.
    package var replyMicroseconds: UInt32
    /// Why it is not up, where there is something to say; cut to 255 bytes on the wire.
    package var reason: String

    package init(
      expert: UInt16?, state: ExpertState, node: String, address: String, snrDB: Float?, queue: UInt32,
      answered: UInt64 = 0, replyMicroseconds: UInt32 = 0, reason: String = ""
    ) {
      self.expert = expert
      self.state = state
      self.node = node
      self.address = address
      self.snrDB = snrDB
      self.queue = queue
      self.answered = answered
      self.replyMicroseconds = replyMicroseconds
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

  /// How long one stage of a request's way takes, since the start.
  package struct Latency: Equatable, Sendable {
    package var stage: String
    package var count: UInt64
    /// Percentiles, in microseconds.
    package var p50: UInt32
    package var p90: UInt32
    package var p99: UInt32
    package var p999: UInt32
    package var max: UInt32

    package init(
      stage: String, count: UInt64, p50: UInt32, p90: UInt32, p99: UInt32, p999: UInt32, max: UInt32
    ) {
      self.stage = stage
      self.count = count
      self.p50 = p50
      self.p90 = p90
      self.p99 = p99
      self.p999 = p999
      self.max = max
    }
  }

  package var modelName: String
  package var digest: SHA256Digest
  package var uptimeMicroseconds: UInt64
  /// Whether a request would be served now.
  package var canServe: Bool
  package var experts: [Expert]
  package var counters: [Counter]
  package var latencies: [Latency]

  package init(
    modelName: String, digest: SHA256Digest, uptimeMicroseconds: UInt64, canServe: Bool, experts: [Expert],
    counters: [Counter] = [], latencies: [Latency] = []
  ) {
    self.modelName = modelName
    self.digest = digest
    self.uptimeMicroseconds = uptimeMicroseconds
    self.canServe = canServe
    self.experts = experts
    self.counters = counters
    self.latencies = latencies
  }
}
