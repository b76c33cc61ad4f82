import MixtureOfExperts
package import WireProtocol

/// What `moe-client status` shows.
extension BaseStation {
  package func status(now: UInt64) -> Status {
    var experts = processes.values.sorted { ($0.expert, $0.node) < ($1.expert, $1.node) }.map(status(of:))
    for target in dialled {
      switch target.state {
      case .connected(let peer) where processes[peer] != nil: continue
      case .connected, .connecting: experts.append(status(ofDialled: target.address, .connecting, reason: ""))
      case .failed(let reason): experts.append(status(ofDialled: target.address, .down, reason: reason))
      }
    }
    return Status(
      modelName: model.name, digest: digest, uptimeMicroseconds: (now - startedAt) / 1000,
      canServe: hasUsableExpert && !isDraining, experts: experts,
      counters: [
        Status.Counter(name: "requests", value: counters.requests),
        Status.Counter(name: "images", value: counters.images),
        Status.Counter(name: "failed_images", value: counters.failedImages),
        Status.Counter(name: "redispatches", value: counters.redispatches),
        Status.Counter(name: "batches", value: counters.batches),
        Status.Counter(name: "transmissions", value: counters.transmissions),
        Status.Counter(name: "decode_failures", value: counters.decodeFailures),
      ])
  }

  private func status(of process: ExpertProcess) -> Status.Expert {
    let (state, reason): (Status.ExpertState, String) =
      switch process.state {
      case .up: (.up, "")
      case .suspect: (.suspect, "it owes a reply")
      case .draining: (.draining, "")
      case .ineligible(let reason): (.down, reason)
      }
    return Status.Expert(
      expert: UInt16(process.expert), state: state, node: process.node, address: process.address,
      snrDB: process.currentSNRDB ?? process.lastSNRDB, queue: UInt32(process.load), reason: reason)
  }

  private func status(ofDialled address: String, _ state: Status.ExpertState, reason: String) -> Status.Expert {
    Status.Expert(expert: nil, state: state, node: "", address: address, snrDB: nil, queue: 0, reason: reason)
  }
}
