import MixtureOfExperts
import Radio

/// Accuracy against how far experts disagree, a panel a kind of link; bars reach from the lowest to the highest training seed.
struct TradeoffPlot {
  /// Percentage points below the best that are shown; what is worse is named at the bottom.
  private static let depth = 12.0

  private let study: Tradeoff

  init(_ study: Tradeoff) { self.study = study }

  private typealias Figures = Tradeoff.Figures

  private var variants: [(name: String, figures: Figures)] {
    study.results.map { ($0.variant.name, Figures($0.validation, study.condition)) }
  }

  func script(output path: String) -> String? {
    guard !study.results.isEmpty else { return nil }
    let links = study.condition.links
    let row = Gnuplot.PanelRow(count: links.count)
    let highest = variants.map { max($0.figures.base.max() ?? 0, $0.figures.bestExpert.max() ?? 0) }.max() ?? 100
    let bottom = (highest - Self.depth).rounded(.down)
    var lines =
      row.opening(path, title: study.title) + [
        "set xlabel 'images on which two experts disagree (%)'",
        "set ylabel 'validation images right (%)'",
        "set xrange [-2:*]",
        "set offsets 0, graph 0.1, 0, 0",
        // Room for the names above the points.
        "set yrange [\(sixDigits(bottom)):\(sixDigits(highest + 0.3 * Self.depth))]",
      ]
    for (number, link) in links.enumerated() {
      lines += [row.legend(panel: number)] + panel(link, number, bottom: bottom)
    }
    return (lines + ["unset multiplot"]).joined(separator: "\n") + "\n"
  }

  private func panel(_ link: StudyLink, _ number: Int, bottom: Double) -> [String] {
    let series: [(title: String, style: String, values: (Figures) -> [Double])] = [
      ("base, ideal links", "lc rgb '#333333' pt 6 ps 1.1", \.base),
      ("best expert alone, ideal links", "lc rgb '\(Gnuplot.grey)' pt 4 ps 0.9", \.bestExpert),
      ("best-SNR", "lc rgb '\(Gnuplot.red)' pt 5 ps 0.9", { $0.bestSNR[link] ?? [] }),
      ("channel-aware", "lc rgb '\(Gnuplot.blue)' pt 7 ps 0.9", { $0.channelAware[link] ?? [] }),
    ]
    var lines: [String] = []
    var plots: [String] = []
    for (place, one) in series.enumerated() {
      let block = "$t\(number)_\(place)"
      lines += Gnuplot.block(
        block,
        variants.map { _, figures in
          let values = one.values(figures)
          return [figures.disagreement.mean, values.mean, values.min() ?? 0, values.max() ?? 0]
        })
      plots.append("\(block) using 1:2:3:4 with yerrorbars \(one.style) lw 1.2 title \(Gnuplot.quoted(one.title))")
    }
    let names = "$t\(number)_names"
    lines += Gnuplot.block(
      names,
      variants.map { name, figures in
        let top = series.flatMap { $0.values(figures) }.max() ?? 0
        let shown = top < bottom ? "\(name), below" : name
        return "\(sixDigits(figures.disagreement.mean)) \(sixDigits(max(top, bottom))) \"\(shown)\""
      })
    plots.append(
      "\(names) using 1:2:3 with labels offset 0.3,0.6 left rotate by 50 font 'sans,10' tc rgb '#555555' noenhanced notitle"
    )
    return lines + ["set title \(Gnuplot.quoted(link.title)) noenhanced", "plot \(plots.joined(separator: ", "))"]
  }
}

extension Tradeoff {
  package func plot(output path: String) -> String? { TradeoffPlot(self).script(output: path) }
}
