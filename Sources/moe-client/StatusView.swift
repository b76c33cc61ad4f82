import InferenceClient

/// What `status` shows people, with rates where there was a look before.
struct StatusView {
  private let status: BaseStationStatus
  /// Seconds since the last look; nil where there was none, or the base station has been started anew since.
  private let elapsed: Double?
  private let previousCounters: [String: UInt64]
  /// Latents answered, by node.
  private let previousAnswers: [String: UInt64]

  init(_ status: BaseStationStatus, since last: BaseStationStatus? = nil) {
    self.status = status
    let elapsed = last.map { (status.uptime - $0.uptime).inSeconds } ?? 0
    self.elapsed = elapsed > 0 ? elapsed : nil
    previousCounters = Dictionary((last?.counters ?? []).map { ($0.name, $0.value) }) { first, _ in first }
    previousAnswers = Dictionary((last?.experts ?? []).map { ($0.node, $0.answered) }) { first, _ in first }
  }

  var lines: [String] {
    [
      "model   \(status.model) (\(status.digest.prefix(12)))",
      "uptime  \(status.uptime.inSeconds.rounded(1)) s\(status.canServe ? "" : ", cannot serve yet")",
    ] + counterLines + latencyLines + [""] + expertTable.lines
  }

  private var counterLines: [String] {
    var table = Table(columns: ["counter", ">total"] + (elapsed == nil ? [] : [">a second"]))
    for (name, value) in status.counters {
      table.add(
        cells: [name.replacing("_", with: " "), "\(value)"]
          + (rate(value, since: previousCounters[name]).map { [$0.rounded(1)] } ?? []))
    }
    return status.counters.isEmpty ? [] : [""] + table.lines
  }

  private var latencyLines: [String] {
    var table = Table("stage", ">count", ">p50 us", ">p90 us", ">p99 us", ">p99.9 us", ">max us")
    for latency in status.latencies where latency.count > 0 {
      table.add(
        latency.stage, "\(latency.count)", "\(latency.p50)", "\(latency.p90)", "\(latency.p99)", "\(latency.p999)",
        "\(latency.max)")
    }
    return status.latencies.contains { $0.count > 0 } ? [""] + table.lines : []
  }

  private var expertTable: Table {
    let answers = status.experts.map { rate($0.answered, since: previousAnswers[$0.node]) ?? Double($0.answered) }
    let all = answers.reduce(0, +)
    var table = Table(
      ">expert", "state", "node", "address", ">SNR dB", ">queue", ">share",
      elapsed == nil ? ">answered" : ">answered a s", ">reply us", "")
    for (expert, answered) in zip(status.experts, answers) {
      table.add(
        expert.expert.map(String.init) ?? "-", expert.state, expert.node, expert.address,
        expert.snrDB.map { $0.rounded(1) } ?? "-", "\(expert.queue)", all > 0 ? (answered / all).percent : "-",
        answered.rounded(elapsed == nil ? 0 : 1), "\(expert.replyTime.wholeMicroseconds)", expert.reason)
    }
    return table
  }

  /// By the second since the last look; nil where there was none.
  private func rate(_ value: UInt64, since previous: UInt64?) -> Double? {
    elapsed.map { max(Double(value) - Double(previous ?? 0), 0) / $0 }
  }
}
