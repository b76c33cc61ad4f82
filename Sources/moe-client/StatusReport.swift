import InferenceClient

/// What `status --json` prints.
struct StatusReport: Encodable {
  let model: String
  let digest: String
  let uptimeS: Double
  let canServe: Bool
  let experts: [Expert]
  let counters: [String: UInt64]

  struct Expert: Encodable {
    let expert: Nullable<Int>
    let node: String
    let state: String
    let address: String
    let snrDb: Nullable<Float>
    let queue: Int
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
        queue: $0.queue, reason: $0.reason)
    }
    counters = Dictionary(status.counters.map { ($0.name, $0.value) }) { first, _ in first }
  }
}
