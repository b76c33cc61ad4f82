import InferenceClient

/// What `status` shows people, with rates where there was a look before.
///
/// Counters come by name, and are shown whatever their names are. Those that are named `expert_K_NAME` are expert K's: a
/// column each, and `selected` tells the expert's share besides.
struct StatusView {
  private let status: BaseStationStatus
  /// Seconds since the last look; nil where there was none, or the base station has been started anew since.
  private let elapsed: Double?
  private let previous: [String: UInt64]

  init(_ status: BaseStationStatus, since last: BaseStationStatus? = nil) {
    self.status = status
    let elapsed = last.map { (status.uptime - $0.uptime).inSeconds } ?? 0
    self.elapsed = elapsed > 0 ? elapsed : nil
    previous = Dictionary((last?.counters ?? []).map { ($0.name, $0.value) }) { first, _ in first }
  }

  var lines: [String] {
    [
      "model   \(status.model) (\(status.digest.prefix(12)))",
      "uptime  \(status.uptime.inSeconds.rounded(1)) s\(status.canServe ? "" : ", cannot serve yet")",
    ] + counterLines + [""] + expertTable.lines
  }

  private var counterLines: [String] {
    var table = Table(columns: ["counter", ">total"] + (elapsed == nil ? [] : [">a second"]))
    for (name, value) in status.counters where ExpertCounter(name) == nil {
      table.add(
        cells: [name.replacing("_", with: " "), "\(value)"] + (rate(name, value).map { [$0.rounded(1)] } ?? []))
    }
    return status.counters.isEmpty ? [] : [""] + table.lines
  }

  private var expertTable: Table {
    let counters = Dictionary(
      grouping: status.counters.compactMap { counter in
        ExpertCounter(counter.name).map { (counter: $0, value: counter.value, rate: rate(counter.name, counter.value)) }
      }, by: \.counter.expert)
    let names = Set(counters.values.joined().map(\.counter.name)).sorted()
    let selected = counters.mapValues { $0.first { $0.counter.name == "selected" }.map { $0.rate ?? Double($0.value) } }
    let allSelected = selected.values.compactMap(\.self).reduce(0, +)
    var table = Table(
      columns: [">expert", "state", "node", "address", ">SNR dB", ">queue"] + (allSelected > 0 ? [">share"] : [])
        + names.map { ">" + $0.replacing("_", with: " ") + (elapsed == nil ? "" : " a s") } + [""])
    for expert in status.experts {
      let own = expert.expert.flatMap { counters[$0] } ?? []
      var cells = [
        expert.expert.map(String.init) ?? "-", expert.state, expert.node, expert.address,
        expert.snrDB.map { $0.rounded(1) } ?? "-", "\(expert.queue)",
      ]
      if allSelected > 0 {
        cells.append(expert.expert.flatMap { selected[$0] ?? nil }.map { ($0 / allSelected).percent } ?? "-")
      }
      for name in names {
        let found = own.first { $0.counter.name == name }
        cells.append(found.map { found in found.rate.map { $0.rounded(1) } ?? "\(found.value)" } ?? "-")
      }
      table.add(cells: cells + [expert.reason])
    }
    return table
  }

  /// By the second since the last look; nil where there was none.
  private func rate(_ name: String, _ value: UInt64) -> Double? {
    elapsed.map { max(Double(value) - Double(previous[name] ?? 0), 0) / $0 }
  }
}

/// A counter of one expert: `expert_3_answered`.
private struct ExpertCounter {
  let expert: Int
  let name: String

  init?(_ text: String) {
    let parts = text.split(separator: "_", maxSplits: 2)
    guard parts.count == 3, parts[0] == "expert", let expert = Int(parts[1]) else { return nil }
    self.expert = expert
    name = String(parts[2])
  }
}
