import InferenceClient

/// What `status --json` prints.
struct StatusReport: Encodable {
  let model: String
  let digest: String
  let uptimeS: Double
  let canServe: Bool
  let experts: [Expert]
  let counters: [String: UInt64]
  /// By stage.
  let latencyUs: [String: Percentiles]

  struct Percentiles: Encodable {
    let count: UInt64
    let p50: UInt64
    let p90: UInt64
    let p99: UInt64
    let p999: UInt64
    let max: UInt64

    private enum CodingKeys: String, CodingKey {
      case count, p50, p90, p99
      case p999 = "p99_9"
      case max
    }
  }

  struct Expert: Encodable {
    let expert: Nullable<Int>
    let node: String
    let state: String
    let address: String
    let snrDb: Nullable<Float>
    let queue: Int
    let answered: UInt64
    let replyUs: UInt64
    let reason: String
  }

  init(_ status: BaseStationStatus) {
    model = status.model
    digest = status.digest
    uptimeS = status.uptime.inSeconds
    canServe = status.canServe
    experts = status.experts.map {
      Expert(
        expert: Nullable($0.expert), node: $0.node, state: $0.state, address: $0.address, snrDb: Nullable($0.snrDB),
        queue: $0.queue, answered: $0.answered, replyUs: $0.replyTime.wholeMicroseconds, reason: $0.reason)
    }
    counters = Dictionary(status.counters.map { ($0.name, $0.value) }) { first, _ in first }
    latencyUs = Dictionary(
      status.latencies.map {
        ($0.stage, Percentiles(count: $0.count, p50: $0.p50, p90: $0.p90, p99: $0.p99, p999: $0.p999, max: $0.max))
      }
    ) { first, _ in first }
  }
}
