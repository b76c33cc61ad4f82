import MixtureOfExperts

/// What every variant gains or loses against the recipe as it is, a panel a network, a line a variant.
struct AblationPlot {
  private let figure: Ablation

  init(_ figure: Ablation) { self.figure = figure }

  private static let width = 1000
  private static let rowHeight = 20
  /// Above a panel, for its title and the legend, and below it, for its axis.
  private static let (head, foot) = (60.0, 60.0)

  private enum Mark: CaseIterable {
    case asItIs, best, other

    var style: String {
      switch self {
      case .asItIs: "lc rgb '#333333' pt 6 title 'the recipe as it is'"
      case .best: "lc rgb '\(Gnuplot.green)' pt 7 title 'best on the validation images'"
      case .other: "lc rgb '\(Gnuplot.blue)' pt 7 title 'others'"
      }
    }
  }

  private struct Line {
    let label: String
    var differences: [Double] = []
    /// Nil in the line of a question's title.
    var mark: Mark?
  }

  /// The lines of a network from top to bottom.
  private func lines(_ network: Ablation.Network) -> [Line] {
    network.questions.flatMap { question in
      [Line(label: question.title)]
        + question.rows.enumerated().map { place, row in
          let mark: Mark = row.name == question.best.name ? .best : place == 0 ? .asItIs : .other
          return Line(label: row.name, differences: question.differences(row), mark: mark)
        }
    }
  }

  func script(output path: String) -> String? {
    guard !figure.networks.isEmpty else { return nil }
    let rows = figure.networks.map(lines)
    let heights = rows.map { Self.head + Self.foot + Double(Self.rowHeight * $0.count) }
    let height = heights.reduce(40, +)
    var script =
      Gnuplot.canvas(path, width: Self.width, height: Int(height)) + [
        "set multiplot title \(Gnuplot.quoted(figure.title)) noenhanced font 'sans,15'",
        "set grid x lc rgb '#e4e4e4'", "set border 1 lc rgb '#666666'", "set tics nomirror scale 0",
        "set arrow 1 from 0, graph 0 to 0, graph 1 nohead lc rgb '#888888' dt 2",
        "set lmargin at screen 0.44", "set rmargin at screen 0.97", "set bars small",
        // Nearly linear up to a point, where most are, and nearly logarithmic from there.
        "set nonlinear x via asinh(2 * x) inverse sinh(x) / 2",
        "set xlabel 'test images right, points against the recipe (asinh scale)'",
      ]
    var top = height - 40
    for (number, network) in figure.networks.enumerated() {
      let bottom = top - heights[number]
      script += [
        "set tmargin at screen \(sixDigits((top - Self.head) / height))",
        "set bmargin at screen \(sixDigits((bottom + Self.foot) / height))",
      ]
      script += panel(network, rows[number], number)
      top = bottom
    }
    return (script + ["unset multiplot"]).joined(separator: "\n") + "\n"
  }

  private func panel(_ network: Ablation.Network, _ lines: [Line], _ number: Int) -> [String] {
    var (labels, titles): ([String], [String]) = ([], ["unset label"])
    for (place, line) in lines.enumerated() {
      let label = Gnuplot.quoted(line.label)
      guard line.mark == nil else {
        labels.append("\(label) \(-place)")
        continue
      }
      titles.append("set label \(label) at graph -0.01, first \(-place) right noenhanced font 'sans:Bold,11'")
    }
    let tics = [-20, -10, -5, -2, -1, -0.5, -0.2, 0, 0.2, 0.5, 1, 2, 5, 10, 20].map { "\(sixDigits($0))" }
    let all = lines.flatMap(\.differences) + [0]
    let (low, high) = (min(all.min() ?? 0, -0.5), max(all.max() ?? 0, 0.5))
    let room = 0.06 * (high - low)
    var (data, plots): ([String], [String]) = ([], [])
    for mark in Mark.allCases {
      let points = lines.enumerated().filter { $1.mark == mark }.map { place, line in
        [line.differences.mean, Double(-place), line.differences.min() ?? 0, line.differences.max() ?? 0]
      }
      guard !points.isEmpty else { continue }
      let block = "$a\(number)_\(plots.count)"
      data += Gnuplot.block(block, points)
      plots.append("\(block) using 1:2:3:4 with xerrorbars ps 0.7 lw 1.3 \(mark.style)")
    }
    guard !plots.isEmpty else { return [] }
    return data + titles + [
      "set yrange [\(-Double(lines.count)):1]",
      "set ytics (\(labels.joined(separator: ", "))) noenhanced font 'sans,11'",
      "set xrange [\(sixDigits(low - room)):\(sixDigits(high + room))]",
      "set xtics (\(tics.joined(separator: ", ")))",
      number == 0 ? "set key tmargin right horizontal noenhanced" : "unset key",
      "set title \(Gnuplot.quoted(network.name)) noenhanced", "plot \(plots.joined(separator: ", "))",
    ]
  }
}

extension Ablation {
  package func plot(output path: String) -> String? { AblationPlot(self).script(output: path) }
}
