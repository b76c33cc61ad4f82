import DequeModule

/// A second expert for images whose first is late, within a budget.
extension BaseStation {
  /// Looks at the dispatches that are later than is usual for their experts.
  mutating func hedgeLateSamples(now: UInt64, _ directives: inout [Directive]) {
    guard configuration.hedgeBudget > 0 else { return }
    for peer in processes.keys.sorted() {
      guard let process = processes[peer], let late = process.replyTime.late else { continue }
      for id in process.dispatches {
        guard let dispatched = dispatches[id], !dispatched.isHedged, !dispatched.isProbe, !dispatched.isGivenUp
        else { continue }
        let due = max(dispatched.sentAt, excusedUntil) + late
        guard due <= now else {
          wakeUp(at: due, &directives)
          break
        }
        dispatches[id]?.isHedged = true
        hedge(dispatched, id: id, now: now, &directives)
      }
    }
  }

  private mutating func hedge(
    _ dispatched: OutstandingDispatch, id: UInt64, now: UInt64, _ directives: inout [Directive]
  ) {
    let waiting = dispatched.samples.filter { index in
      guard isWanted(index, now: now), let sample = sample(index), hasExpertToAsk(sample, index) else { return false }
      return sample.legs.contains { $0.dispatch == id && $0.isUnderWay }
    }
    let allowed = waiting.prefix(hedgeBudget.withdraw(waiting.count))
    counters.hedges += UInt64(allowed.count)
    dispatchHedges(Array(allowed), now: now, &directives)
  }
}
