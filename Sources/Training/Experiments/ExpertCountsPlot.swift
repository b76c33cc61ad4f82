import MixtureOfExperts
import Radio

/// Accuracy against the number of experts, a panel a kind of link, and below what the channel-aware gate is ahead of others.
struct ExpertCountsPlot {
  private let figure: ExpertCounts

  init(_ figure: ExpertCounts) { self.figure = figure }

  private static let styles: [String: String] = [
    "channel-aware": "lc rgb '\(Gnuplot.blue)' pt 7", "best-snr": "lc rgb '\(Gnuplot.red)' pt 5",
    "naive": "lc rgb '\(Gnuplot.green)' pt 9", "random": "lc rgb '\(Gnuplot.grey)' pt 13",
  ]

  func script(output path: String) -> String? {
    guard let condition = figure.plan.conditions.first, !figure.points.isEmpty else { return nil }
    let counts = figure.points.map(\.expertCount)
    let panels = Gnuplot.Panels(columns: 2, rows: (condition.links.count + 1) / 2 + 1)
    var lines =
      panels.opening(path, title: figure.title) + [
        "set xlabel 'experts'",
        "set xtics (\(counts.map(String.init).joined(separator: ", ")))",
        "set xrange [\((counts.min() ?? 0) - 1):\((counts.max() ?? 0) + 1)]",
        "set offsets 0, 0, graph 0.05, graph 0.05",
      ]
    for (number, link) in condition.links.enumerated() {
      lines += [panels.legend(panel: number), "set ylabel 'test images right (%)'"]
      lines += accuracies(link, condition, number)
    }
    if condition.links.count % 2 == 1 { lines.append("set multiplot next") }
    let first = (condition.links.count + 1) / 2 * 2
    for (number, rival) in [EvaluatedGate.policy(.naive), .policy(.bestSNR)].enumerated() {
      lines += [panels.legend(panel: first + number), "set ylabel 'points'"] + leads(over: rival, condition)
    }
    return (lines + ["unset multiplot"]).joined(separator: "\n") + "\n"
  }

  private func accuracies(_ link: StudyLink, _ condition: StudyPlan.Condition, _ number: Int) -> [String] {
    var series = condition.gates.map { gate in
      (
        title: gate.rawValue, style: Self.styles[gate.rawValue] ?? "pt 1",
        values: figure.points.map { $0.accuracies(gate, over: link, under: condition.law) }
      )
    }
    series.insert(("base, ideal links", "lc rgb '#333333' dt 2 pt 6", figure.points.map(\.base)), at: 0)
    var (lines, plots): ([String], [String]) = ([], [])
    for (place, one) in series.enumerated() {
      let block = "$k\(number)_\(place)"
      lines += Gnuplot.block(block, zip(figure.points, one.values).map { Self.row($0.0, $0.1) })
      plots.append(
        "\(block) using 1:2:3:4 with yerrorlines \(one.style) lw 1.5 ps 0.8 title \(Gnuplot.quoted(one.title))")
    }
    return lines + ["set title \(Gnuplot.quoted(link.title)) noenhanced", "plot \(plots.joined(separator: ", "))"]
  }

  private static func row(_ point: ExpertCounts.Point, _ values: [Double]) -> [Double] {
    [Double(point.expertCount), values.mean, values.min() ?? 0, values.max() ?? 0]
  }

  private func leads(over rival: EvaluatedGate, _ condition: StudyPlan.Condition) -> [String] {
    var (lines, plots): ([String], [String]) = ([], ["0 with lines lc rgb '#333333' dt 3 notitle"])
    for (place, link) in condition.links.enumerated() {
      let block = "$g\(place)"
      lines += Gnuplot.block(
        block,
        figure.points.compactMap { point in
          point.lead(over: rival.rawValue, link, under: condition.law).map {
            [Double(point.expertCount), $0.mean, $0.low, $0.high]
          }
        })
      let colour = place == 0 ? Gnuplot.purple : Gnuplot.orange
      plots.append(
        "\(block) using 1:2:3:4 with yerrorlines lc rgb '\(colour)' pt 7 lw 1.5 ps 0.8 title "
          + Gnuplot.quoted(link.kind.name))
    }
    return lines + ["set title 'channel-aware less \(rival.rawValue)'", "plot \(plots.joined(separator: ", "))"]
  }
}

extension ExpertCounts {
  package func plot(output path: String) -> String? { ExpertCountsPlot(self).script(output: path) }
}
