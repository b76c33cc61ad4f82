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
      modelName: model.description.name, digest: model.digest, uptimeMicroseconds: (now - startedAt) / 1000,
      canServe: canServe, experts: experts, counters: counters.named, latencies: times.latencies)
  }

  private func status(of process: ExpertProcess) -> Status.Expert {
    let (state, reason): (Status.ExpertState, String) =
      switch process.state {
      case .serving: process.breaker.isClosed ? (.up, "") : (.suspect, process.suspicion)
      case .draining: (.draining, "")
      case .ineligible(let reason): (.down, reason)
      }
    return Status.Expert(
      expert: UInt16(process.expert), state: state, node: process.node, address: process.address,
      snrDB: process.currentSNRDB ?? process.lastSNRDB, queue: UInt32(process.load), answered: process.answered,
      replyMicroseconds: UInt32(clamping: (process.replyTime.mean ?? 0) / 1000), reason: reason)
  }

  private func status(ofDialled address: String, _ state: Status.ExpertState, reason: String) -> Status.Expert {
    Status.Expert(expert: nil, state: state, node: "", address: address, snrDB: nil, queue: 0, reason: reason)
  }
}

extension BaseStation.Counters {
  /// By the names under which clients show them.
  fileprivate var named: [Status.Counter] {
    [
      ("requests", requests), ("images", images), ("failed_images", failedImages),
      ("refused_requests", refusedRequests), ("expired_requests", expiredRequests),
      ("loss_redispatches", lossRedispatches), ("retries", retries), ("retries_refused", retriesRefused),
      ("hedges", hedges), ("cut_offs", cutOffs), ("fallbacks", fallbacks), ("batches", batches),
      ("transmissions", transmissions), ("decode_failures", decodeFailures),
    ].map(Status.Counter.init(name:value:))
  }
}
