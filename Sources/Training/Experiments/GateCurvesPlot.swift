import MixtureOfExperts
import Radio

/// A panel a model: the gates' curves over the epochs, ideal links and the paper's figures as levels.
struct GateCurvesPlot {
  private let figure: GateCurves

  init(_ figure: GateCurves) { self.figure = figure }

  private var row: Gnuplot.Panels { Gnuplot.Panels(columns: figure.panels.count) }

  func script(output path: String) -> String? {
    guard !figure.panels.isEmpty else { return nil }
    let all = figure.panels.flatMap { panel in
      [panel.base] + panel.curves.flatMap { $0.accuracies.joined() }
    }
    let published = [
      figure.published.base, figure.published.analog.naive, figure.published.analog.channelAware,
      figure.published.digital.naive, figure.published.digital.channelAware,
    ]
    // One scale for all panels, so that they can be compared.
    let low = (((all + published).min() ?? 0) / 5).rounded(.down) * 5
    let high = min(100, (((all + published).max() ?? 100) / 5 + 0.3).rounded(.up) * 5)
    var lines =
      row.opening(path, title: figure.title) + [
        "set xlabel 'epochs of stage 2'",
        "set ylabel 'test images right (%)'",
        "set yrange [\(sixDigits(low)):\(sixDigits(high))]",
      ]
    for (number, panel) in figure.panels.enumerated() { lines += draw(panel, number) }
    return (lines + ["unset multiplot"]).joined(separator: "\n") + "\n"
  }

  private func draw(_ panel: GateCurves.Panel, _ number: Int) -> [String] {
    var lines: [String] = []
    var plots: [String] = []
    let epochs = panel.curves.map(\.accuracies.count).max() ?? 1
    for (place, curve) in panel.curves.enumerated() {
      let block = "$p\(number)_\(place)"
      lines += Gnuplot.block(
        block,
        zip(curve.means, curve.accuracies).enumerated().map { epoch, values in
          [Double(epoch + 1), values.0, values.1.min() ?? values.0, values.1.max() ?? values.0]
        })
      // Where the two links' curves are one, the wide one is seen on both sides of the other.
      let (colour, width) = curve.link == .analog ? (Gnuplot.purple, 3.5) : (Gnuplot.orange, 1.5)
      let isAware = curve.gate == .channelAware
      plots.append(
        "\(block) using 1:3:4 with filledcurves fc rgb '\(colour)' fs transparent solid 0.15 noborder notitle")
      plots.append(
        "\(block) using 1:2 with linespoints lc rgb '\(colour)' lw \(sixDigits(width)) pt \(isAware ? 7 : 6) ps 0.5 "
          + (isAware ? "" : "dt 2 ") + "title \(Gnuplot.quoted("\(curve.gate.rawValue), \(curve.link.kind.name)"))")
      let accuracy = EvaluatedGate(rawValue: curve.gate.rawValue).flatMap {
        figure.published.accuracy($0, over: curve.link)
      }
      if let accuracy {
        // The paper's final figure, as a mark at the right edge.
        lines += Gnuplot.block("\(block)m", [[Double(epochs) * 1.04, accuracy]])
        plots.append(
          "\(block)m using 1:2 with points lc rgb '\(colour)' pt \(isAware ? 13 : 12) ps 1.1 "
            + (place == panel.curves.count - 1 ? "title 'published (hollow: naive)'" : "notitle"))
      }
    }
    plots.append("\(sixDigits(panel.base)) with lines lc rgb '#333333' lw 1.5 dt 4 title 'base, ideal links'")
    return lines + [
      "set xrange [0:\(sixDigits(Double(epochs) * 1.07))]",
      row.legend(panel: number),
      "set title \(Gnuplot.quoted("recipe \(panel.recipe)")) noenhanced",
      "plot \(plots.joined(separator: ", "))",
    ]
  }
}

extension GateCurves {
  package func plot(output path: String) -> String? { GateCurvesPlot(self).script(output: path) }
}
