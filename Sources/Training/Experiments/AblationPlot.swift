import MixtureOfExperts

/// What every variant gains or loses against the recipe as it is, a panel a network, a line a variant.
struct AblationPlot {
  private let figure: Ablation

  init(_ figure: Ablation) { self.figure = figure }

  private static let width = 900
  private static let rowHeight = 21
  private static let frame = 110

  private struct Line {
    let label: String
    let differences: [Double]
    let isBest: Bool
  }

  /// The lines of a network from top to bottom; those of a question's title have no differences.
  private func lines(_ network: Ablation.Network) -> [Line] {
    network.questions.flatMap { question in
      [Line(label: "\(question.title): \(question.standard.name)", differences: [], isBest: false)]
        + question.rows.dropFirst().map { row in
          Line(
            label: row.name, differences: question.differences(row), isBest: row.name == question.best.name)
        }
    }
  }

  func script(output path: String) -> String? {
    guard !figure.networks.isEmpty else { return nil }
    let rows = figure.networks.map(lines)
    let heights = rows.map { Double(Self.frame + Self.rowHeight * $0.count) }
    let height = heights.reduce(40, +)
    var script =
      Gnuplot.canvas(path, width: Self.width, height: Int(height)) + [
        "set multiplot title \(Gnuplot.quoted(figure.title)) noenhanced font 'sans,15'",
        "set grid x lc rgb '#e4e4e4'", "set border 1 lc rgb '#666666'", "set tics nomirror scale 0",
        "set xzeroaxis", "set arrow 1 from 0, graph 0 to 0, graph 1 nohead lc rgb '#888888' dt 2",
        "set lmargin at screen 0.46", "set rmargin at screen 0.97", "set bars small",
        "set xlabel 'test images right, points against the recipe'",
      ]
    var top = height - 40
    for (number, network) in figure.networks.enumerated() {
      let bottom = top - heights[number]
      script += [
        "set tmargin at screen \(sixDigits((top - 35) / height))",
        "set bmargin at screen \(sixDigits((bottom + 55) / height))",
      ]
      script += panel(network, rows[number], number)
      top = bottom
    }
    return (script + ["unset multiplot"]).joined(separator: "\n") + "\n"
  }

  private func panel(_ network: Ablation.Network, _ lines: [Line], _ number: Int) -> [String] {
    let labels = lines.enumerated().map { "\(Gnuplot.quoted($1.label)) \(-$0)" }
    func block(_ suffix: String, _ isBest: Bool) -> [String] {
      Gnuplot.block(
        "$a\(number)\(suffix)",
        lines.enumerated().filter { $1.isBest == isBest && !$1.differences.isEmpty }.map { place, line in
          [line.differences.mean, Double(-place), line.differences.min() ?? 0, line.differences.max() ?? 0]
        })
    }
    let all = lines.flatMap(\.differences) + [0]
    let (low, high) = (min(all.min() ?? 0, -0.5), max(all.max() ?? 0, 0.5))
    let room = 0.06 * (high - low)
    let marks = [("b", true, Gnuplot.green), ("o", false, Gnuplot.blue)].filter { _, isBest, _ in
      lines.contains { $0.isBest == isBest && !$0.differences.isEmpty }
    }
    let plots = marks.map { suffix, isBest, colour in
      "$a\(number)\(suffix) using 1:2:3:4 with xerrorbars lc rgb '\(colour)' pt 7 ps 0.7 lw 1.3 "
        + "title '\(isBest ? "best on the validation images" : "others")'"
    }
    guard !plots.isEmpty else { return [] }
    return block("b", true) + block("o", false) + [
      "set yrange [\(-Double(lines.count)):1]",
      "set ytics (\(labels.joined(separator: ", "))) noenhanced font 'sans,11'",
      "set xrange [\(sixDigits(low - room)):\(sixDigits(high + room))]",
      "set key at graph 1, 1.06 right bottom horizontal noenhanced",
      "set title \(Gnuplot.quoted(network.name)) noenhanced", "plot \(plots.joined(separator: ", "))",
    ]
  }
}

extension Ablation {
  package func plot(output path: String) -> String? { AblationPlot(self).script(output: path) }
}
