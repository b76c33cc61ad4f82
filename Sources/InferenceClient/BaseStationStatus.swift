import Digests
import WireProtocol

/// How a base station and its experts are.
public struct BaseStationStatus: Sendable, Equatable {
  /// The served model's name.
  public let model: String
  /// SHA-256 in hexadecimal.
  public let digest: String
  /// Since the base station's start.
  public let uptime: Duration
  /// Whether a request would be served now.
  public let canServe: Bool
  /// The expert processes, and addresses that are dialled without success.
  public let experts: [Expert]
  /// What has happened since the start, by name.
  public let counters: [(name: String, value: UInt64)]
  /// How long each stage of a request's way takes, since the start.
  public let latencies: [Latency]

  /// Percentiles of one stage, in microseconds.
  public struct Latency: Sendable, Equatable {
    /// `waiting` for a compute worker, `computing` a batch, an `expert`'s reply, or the whole `request`.
    public let stage: String
    /// How many were measured.
    public let count: UInt64
    public let p50: UInt64
    public let p90: UInt64
    public let p99: UInt64
    public let p999: UInt64
    public let max: UInt64
  }

  /// An expert process as the base station knows it.
  public struct Expert: Sendable, Equatable {
    /// k; nil for an address that has never told.
    public let expert: Int?
    /// Its node id; empty for an address that has never told.
    public let node: String
    /// `connecting`, `up`, `suspect`, `draining` or `down`.
    public let state: String
    /// Where it is connected from, or dialled.
    public let address: String
    /// The newest SNR of its link that the base station knows, in dB.
    public let snrDB: Float?
    /// Latents that wait at it.
    public let queue: Int
    /// Latents that it has answered since it connected.
    public let answered: UInt64
    /// How long it takes to reply, a running mean; zero before its first reply.
    public let replyTime: Duration
    /// Why it is not up, where there is something to say.
    public let reason: String
  }

  public static func == (left: Self, right: Self) -> Bool {
    (left.model, left.digest, left.uptime, left.canServe) == (right.model, right.digest, right.uptime, right.canServe)
      && left.experts == right.experts && left.latencies == right.latencies
      && left.counters.elementsEqual(right.counters, by: ==)
  }

  init(_ status: Status) {
    model = status.modelName
    digest = status.digest.hex
    uptime = .microseconds(Int64(clamping: status.uptimeMicroseconds))
    canServe = status.canServe
    experts = status.experts.map {
      Expert(
        expert: $0.expert.map(Int.init), node: $0.node, state: $0.state.description,
        address: $0.address,
        snrDB: $0.snrDB, queue: Int($0.queue), answered: $0.answered,
        replyTime: .microseconds(Int64($0.replyMicroseconds)), reason: $0.reason)
    }
    counters = status.counters.map { ($0.name, $0.value) }
    latencies = status.latencies.map {
      Latency(
        stage: $0.stage, count: $0.count, p50: UInt64($0.p50), p90: UInt64($0.p90), p99: UInt64($0.p99),
        p999: UInt64($0.p999), max: UInt64($0.max))
    }
  }
}
