import MixtureOfExperts
import Radio
import Transport

/// The processes that take work for one model.
struct UsableProcesses {
  /// `[K]`, in a fixed order, so that what follows from them is reproducible.
  var byExpert: [[PeerID]]
  /// The experts that have at least one.
  var experts = ExpertSet()

  init(expertCount: Int) { byExpert = Array(repeating: [], count: expertCount) }
}

extension BaseStation {
  /// To be called after everything that decides which processes take work.
  mutating func refreshUsable() {
    let up = processes.values.filter(\.isUp).sorted { $0.peer < $1.peer }
    usable = models.mapValues { model in
      var usable = UsableProcesses(expertCount: model.description.expertCount)
      for process in up
      where process.digests.contains(model.digest) && latentsInOneFrame(to: process, of: model) > 0 {
        usable.byExpert[process.expert].append(process.peer)
        usable.experts.insert(expert: process.expert)
      }
      return usable
    }
  }

  var hasUsableExpert: Bool { usable[model.number]?.experts.isEmpty == false }

  /// Whether a request would be taken now.
  var canServe: Bool { !isDraining && (hasUsableExpert || configuration.fallsBackToLocalExperts) }

  /// Usable processes in a fixed order.
  var usablePeers: [PeerID] { (usable[model.number]?.byExpert ?? []).flatMap(\.self).sorted() }

  /// Of the usable processes that serve one expert index: the one with the best link, then the least work; under a load rule the
  /// one that is expected to answer first of those whose links are about as good as the best.
  func bestProcess(for expert: Int, block: UInt64, model: Int) -> ExpertProcess? {
    guard let peers = usable[model]?.byExpert[expert], let first = peers.first else { return nil }
    guard peers.count > 1 else { return processes[first] }
    let candidates = peers.compactMap { processes[$0] }.map { process in
      (process: process, snrDB: configuration.link == .ideal ? 0 : process.snrDB(block: block) ?? -.infinity)
    }
    if configuration.loadRule != nil {
      let best = candidates.map(\.snrDB).max() ?? 0
      return candidates.filter { $0.snrDB == best || $0.snrDB >= best - LoadRule.equalLinksDB }
        .min { $0.process.expectedWait < $1.process.expectedWait }?.process
    }
    return candidates.max { ($0.snrDB, -$0.process.load) < ($1.snrDB, -$1.process.load) }?.process
  }
}
