import MixtureOfExperts
import Radio

/// What three gates reach under each law: a row of panels a network, a panel a kind of link.
struct LawsPlot {
  private let laws: Laws

  init(_ laws: Laws) { self.laws = laws }

  private static let panelWidth = 440
  private static let panelHeight = 400
  private static let legendWidth = 190
  /// Pixels below a panel for the laws' names.
  private static let labelHeight = 150.0
  /// Between the marks of two gates, which would hide each other where they reach the same.
  private static let step = 0.2

  private static let marks: [String: String] = [
    "channel-aware": "lc rgb '\(Gnuplot.blue)' pt 7 ps 1", "best-snr": "lc rgb '\(Gnuplot.red)' pt 5 ps 0.9",
    "naive": "lc rgb '\(Gnuplot.grey)' pt 9 ps 1",
  ]

  func script(output path: String) -> String? {
    guard let condition = laws.plan.conditions.first, !laws.networks.isEmpty else { return nil }
    let names = laws.plan.conditions.map(\.law.name)
    let (columns, rows) = (condition.links.count, laws.networks.count)
    let (width, height) = (
      Double(65 + Self.panelWidth * columns + Self.legendWidth), Double(80 + Self.panelHeight * rows)
    )
    let rightEdge = 1 - Double(Self.legendWidth) / width
    let margins = [75 / width, rightEdge, Self.labelHeight / height, 1 - 85 / height].map(sixDigits)
    let spacing = [65 / width, (Self.labelHeight + 40) / height].map(sixDigits)
    var lines =
      Gnuplot.canvas(path, width: Int(width), height: Int(height)) + [
        "set multiplot layout \(rows),\(columns) margins \(margins.joined(separator: ",")) "
          + "spacing \(spacing.joined(separator: ",")) title \(Gnuplot.quoted(laws.title)) noenhanced font 'sans,15'",
        "set grid lc rgb '#e4e4e4'",
        "set border 3 lc rgb '#666666'",
        "set tics nomirror",
        "set xtics rotate by 40 right font 'sans,10' noenhanced "
          + "(\(names.enumerated().map { "\(Gnuplot.quoted($1)) \($0)" }.joined(separator: ", ")))",
        "set xrange [-0.5:\(Double(names.count) - 0.5)]",
        "set key at screen \(sixDigits(rightEdge + 0.01)),0.75 left top Left reverse noenhanced",
        "set ylabel 'test images right (%)'",
      ]
    for (number, network) in laws.networks.enumerated() {
      for (column, link) in condition.links.enumerated() {
        lines += panel(network, link, "\(number)_\(column)") + ["unset key"]
      }
    }
    return (lines + ["unset multiplot"]).joined(separator: "\n") + "\n"
  }

  private func panel(_ network: Laws.Network, _ link: StudyLink, _ name: String) -> [String] {
    var lines: [String] = []
    var plots: [String] = []
    let gates = laws.plan.conditions.first?.gates ?? []
    for (number, gate) in gates.enumerated() {
      let offset = (Double(number) - Double(gates.count - 1) / 2) * Self.step
      let rows = laws.plan.conditions.enumerated().compactMap { place, condition -> [Double]? in
        guard let values = network.study.row(gate, over: link, under: condition.law)?.accuracies,
          let low = values.min(), let high = values.max()
        else { return nil }
        return [Double(place) + offset, values.mean, low, high]
      }
      let block = "$l\(name)_\(number)"
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
