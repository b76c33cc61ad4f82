package import WireProtocol

/// What `moe-client status` shows.
extension BaseStation {
  package func status(now: UInt64) -> Status {
    var experts = processes.values.sorted { ($0.expert, $0.node) < ($1.expert, $1.node) }.map(status(of:))
    for target in dialled {
      switch target.state {
      case .connected: continue
      case .connecting: experts.append(status(ofDialled: target.address, .connecting, reason: ""))
      case .failed(let reason): experts.append(status(ofDialled: target.address, .down, reason: reason))
      }
    }
    return Status(
      model: model.name, digest: digest, uptimeMicroseconds: (now - startedAt) / 1000,
      canServe: hasUsableExpert && !isDraining, experts: experts, counters: [
        ("requests", counters.requests), ("images", counters.images), ("failed_images", counters.failedImages),
        ("redispatches", counters.redispatches), ("batches", counters.batches),
      ])
  }

  private func status(of process: ExpertProcess) -> ExpertStatus {
    let (state, reason): (ExpertStatus.State, String) =
      switch process.state {
      case .up: (.up, "")
      case .suspect: (.suspect, "")
      case .draining: (.draining, "")
      case .ineligible(let reason): (.down, reason)
      }
    return ExpertStatus(
      expert: UInt16(process.expert), node: process.node, state: state, address: process.address,
      snrDB: process.currentSNRDB, queue: UInt32(process.load), answered: process.answered, reason: reason)
  }

  private func status(ofDialled address: String, _ state: ExpertStatus.State, reason: String) -> ExpertStatus {
    ExpertStatus(
      expert: nil, node: "", state: state, address: address, snrDB: nil, queue: 0, answered: 0, reason: reason)
  }
}
