import MixtureOfExperts
import Radio

/// Accuracy against how far experts disagree, a panel a kind of link; bars reach from the lowest to the highest training seed.
struct TradeoffPlot {
  /// Percentage points below the best that are shown.
  private static let depth = 12.0
  /// Percentage points that a name below its points takes.
  private static let nameHeight = 2.5

  private typealias Figures = Tradeoff.Figures
  private typealias Variant = (name: String, figures: Figures)
  private typealias Series = (title: String, style: String, values: (Figures) -> [Double])

  private let study: Tradeoff
  /// By how far their experts disagree.
  private let variants: [Variant]
  /// The highest and the lowest accuracy that are shown, in per cent.
  private let top: Double
  private let bottom: Double

  init(_ study: Tradeoff) {
    self.study = study
    variants = study.results.map { ($0.variant.name, Figures($0.validation, study.condition)) }
      .sorted { $0.figures.disagreement.mean < $1.figures.disagreement.mean }
    top = variants.map { Self.highest($0.figures) }.max() ?? 100
    bottom = (top - Self.depth).rounded(.down)
  }

  private static func highest(_ figures: Figures) -> Double {
    max(figures.base.max() ?? 0, figures.bestExpert.max() ?? 0)
  }

  private var shown: [Variant] { variants.filter { Self.highest($0.figures) >= bottom } }
  private var hidden: [Variant] { variants.filter { Self.highest($0.figures) < bottom } }

  func script(output path: String) -> String? {
    guard !variants.isEmpty else { return nil }
    let links = study.condition.links
    let row = Gnuplot.PanelRow(count: links.count)
    var lines =
      row.opening(path, title: study.title) + [
        "set xlabel 'images on which two experts disagree (%)'",
        "set ylabel 'validation images right (%)'",
        "set xrange [-2:*]",
        "set offsets 0, graph 0.1, 0, 0",
        // Room for the names above the points.
        "set yrange [\(sixDigits(bottom)):\(sixDigits(top + 0.3 * Self.depth))]",
      ]
    lines += note
    for (number, link) in links.enumerated() {
      lines += [row.legend(panel: number)] + panel(link, number)
    }
    return (lines + ["unset multiplot"]).joined(separator: "\n") + "\n"
  }

  /// Names what is worse altogether than what is shown.
  private var note: [String] {
    let text = hidden.map { name, figures in
      "\(name): \(Markdown.number(figures.disagreement.mean)) disagree, \(Markdown.number(Self.highest(figures))) right at most"
    }.joined(separator: "; ")
    return text.isEmpty
      ? []
      : [
        "set label 1 \(Gnuplot.quoted("not shown: \(text)")) at graph 0.03,0.05 left font 'sans,10' tc rgb '#555555' noenhanced"
      ]
  }

  private func panel(_ link: StudyLink, _ number: Int) -> [String] {
    let series: [Series] = [
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
        shown.map { _, figures in
          let values = one.values(figures)
          return [figures.disagreement.mean, values.mean, values.min() ?? 0, values.max() ?? 0]
        })
      plots.append("\(block) using 1:2:3:4 with yerrorbars \(one.style) lw 1.2 title \(Gnuplot.quoted(one.title))")
    }
    for (side, place) in [(0, "offset 0.3,0.6 left"), (1, "offset -0.3,-0.6 right")] {
      let names = labels(series, below: side == 1)
      guard !names.isEmpty else { continue }
      let block = "$t\(number)_names\(side)"
      lines += Gnuplot.block(block, names)
      plots.append(
        "\(block) using 1:2:3 with labels \(place) rotate by 50 font 'sans,10' tc rgb '#555555' noenhanced notitle")
    }
    return lines + ["set title \(Gnuplot.quoted(link.title)) noenhanced", "plot \(plots.joined(separator: ", "))"]
  }

  /// Every other name goes below its points, where there is room: neighbours would write over each other.
  private func labels(_ series: [Series], below: Bool) -> [String] {
    shown.enumerated().compactMap { place, variant in
      let values = series.flatMap { $0.values(variant.figures) }
      guard let low = values.min(), let high = values.max() else { return nil }
      let isBelow = place % 2 == 1 && low - bottom > Self.nameHeight
      guard isBelow == below else { return nil }
      return "\(sixDigits(variant.figures.disagreement.mean)) \(sixDigits(isBelow ? low : high)) \"\(variant.name)\""
    }
  }
}

extension Tradeoff {
  package func plot(output path: String) -> String? { TradeoffPlot(self).script(output: path) }
}
