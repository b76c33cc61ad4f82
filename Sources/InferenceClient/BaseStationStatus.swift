import Digests
import WireProtocol

/// How a base station and its experts are.
public struct BaseStationStatus: Sendable, Equatable {
  public let model: String
  /// SHA-256 in hexadecimal.
  public let digest: String
  public let uptime: Duration
  /// Whether a request would be served now.
  public let canServe: Bool
  public let experts: [Expert]
  /// What has happened since the start, by name.
  public let counters: [(name: String, value: UInt64)]

  public struct Expert: Sendable, Equatable {
    /// k; nil for an address that has never told.
    public let expert: Int?
    public let node: String
    /// `connecting`, `up`, `suspect`, `draining` or `down`.
    public let state: String
    public let address: String
    /// The newest SNR of its link that the base station knows, in dB.
    public let snrDB: Float?
    /// Latents that wait at it.
    public let queue: Int
    /// Why it is not up, where there is something to say.
    public let reason: String
  }

  public static func == (left: Self, right: Self) -> Bool {
    (left.model, left.digest, left.uptime, left.canServe) == (right.model, right.digest, right.uptime, right.canServe)
      && left.experts == right.experts && left.counters.elementsEqual(right.counters, by: ==)
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
        snrDB: $0.snrDB, queue: Int($0.queue), reason: $0.reason)
    }
    counters = status.counters.map { ($0.name, $0.value) }
  }
}
