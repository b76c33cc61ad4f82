import MixtureOfExperts
import Radio

/// What three gates reach under each law: a row of panels a network, a panel a kind of link.
struct LawsPlot {
  private let laws: Laws

  init(_ laws: Laws) { self.laws = laws }

  private static let marks: [String: String] = [
    "channel-aware": "lc rgb '\(Gnuplot.blue)' pt 7 ps 1", "best-snr": "lc rgb '\(Gnuplot.red)' pt 5 ps 0.9",
    "naive": "lc rgb '\(Gnuplot.grey)' pt 9 ps 1",
  ]

  func script(output path: String) -> String? {
    guard let condition = laws.plan.conditions.first, !laws.networks.isEmpty else { return nil }
    let names = laws.plan.conditions.map(\.law.name)
    let columns = condition.links.count
    var lines =
      Gnuplot.canvas(path, width: 620 * columns, height: 130 + 400 * laws.networks.count) + [
        "set multiplot layout \(laws.networks.count),\(columns) title \(Gnuplot.quoted(laws.title)) noenhanced font 'sans,15'",
        "set grid lc rgb '#e4e4e4'",
        "set border 3 lc rgb '#666666'",
        "set tics nomirror",
        "set xtics rotate by 35 right font 'sans,10' noenhanced "
          + "(\(names.enumerated().map { "\(Gnuplot.quoted($1)) \($0)" }.joined(separator: ", ")))",
        "set xrange [-0.5:\(Double(names.count) - 0.5)]",
        "set key inside bottom left noenhanced",
        "set ylabel 'test images right (%)'",
        "set bmargin 11",
        "set lmargin 16",
      ]
    for (number, network) in laws.networks.enumerated() {
      for (column, link) in condition.links.enumerated() { lines += panel(network, link, "\(number)_\(column)") }
    }
    return (lines + ["unset multiplot"]).joined(separator: "\n") + "\n"
  }

  private func panel(_ network: Laws.Network, _ link: StudyLink, _ number: String) -> [String] {
    var lines: [String] = []
    var plots: [String] = []
    for gate in laws.plan.conditions.first?.gates ?? [] {
      let rows = laws.plan.conditions.enumerated().compactMap { place, condition -> [Double]? in
        guard let values = network.study.row(gate, over: link, under: condition.law)?.accuracies,
          let low = values.min(), let high = values.max()
        else { return nil }
        return [Double(place), values.mean, low, high]
      }
      let block = "$l\(number)_\(plots.count)"
      lines += Gnuplot.block(block, rows)
      let mark = Self.marks[gate.rawValue] ?? ""
      plots.append("\(block) using 1:2:3:4 with yerrorbars \(mark) lw 1.2 title \(Gnuplot.quoted(gate.rawValue))")
    }
    let base = sixDigits(network.study.clean.baseAccuracy)
    plots.append("\(base) with lines lc rgb '#333333' dt 2 title 'base, ideal links'")
    let title = "\(network.name), \(link.title)"
    return lines + ["set title \(Gnuplot.quoted(title)) noenhanced", "plot \(plots.joined(separator: ", "))"]
  }
}

extension Laws {
  package func plot(output path: String) -> String? { LawsPlot(self).script(output: path) }
}
