import MixtureOfExperts
import Radio

/// Accuracy against what experts compute for an image, a panel a kind of link: equal experts as points, those that differ as a
/// line over the prices of computation.
struct HeterogeneousPlot {
  private let figure: Heterogeneous

  init(_ figure: Heterogeneous) { self.figure = figure }

  private static let colours = [
    "#333333", Gnuplot.blue, Gnuplot.red, Gnuplot.green, "#8a4fb0", "#c99700", "#3a9aa8", Gnuplot.grey,
  ]

  func script(output path: String) -> String? {
    guard !figure.results.isEmpty else { return nil }
    let row = Gnuplot.Panels(columns: figure.links.count)
    var lines =
      row.opening(path, title: figure.title) + [
        "set xlabel 'multiply-adds of the experts for an image, thousands'",
        "set ylabel 'test images right (%)'",
        "set offsets graph 0.05, graph 0.05, graph 0.1, graph 0.05",
      ]
    for (number, link) in figure.links.enumerated() { lines += [row.legend(panel: number)] + panel(link, number) }
    return (lines + ["unset multiplot"]).joined(separator: "\n") + "\n"
  }

  private func panel(_ link: StudyLink, _ number: Int) -> [String] {
    var (lines, plots): ([String], [String]) = ([], [])
    for (place, result) in figure.results.enumerated() {
      let colour = Self.colours[place % Self.colours.count]
      let block = "$h\(number)_\(place)"
      lines += Gnuplot.block(block, result.prices.map { Self.row(result.arms(link, .channelAware, price: $0)) })
      let style = result.isHeterogeneous ? "yerrorlines lc rgb '\(colour)' pt 7" : "yerrorbars lc rgb '\(colour)' pt 5"
      plots.append("\(block) using 1:2:3:4 with \(style) lw 1.3 ps 0.8 title \(Gnuplot.quoted(result.name))")
      lines += Gnuplot.block("\(block)s", [Self.row(result.arms(link, .bestSNR))])
      plots.append(
        "\(block)s using 1:2:3:4 with yerrorbars lc rgb '\(colour)' pt 4 lw 1 ps 0.8 "
          + (place == 0 ? "title 'hollow: best-SNR'" : "notitle"))
    }
    return lines + ["set title \(Gnuplot.quoted(link.title)) noenhanced", "plot \(plots.joined(separator: ", "))"]
  }

  private static func row(_ arms: [Heterogeneous.Arm]) -> [Double] {
    let values = arms.accuracies
    return [arms.multiplyAdds / 1000, values.mean, values.min() ?? 0, values.max() ?? 0]
  }
}

extension Heterogeneous {
  package func plot(output path: String) -> String? { HeterogeneousPlot(self).script(output: path) }
}
