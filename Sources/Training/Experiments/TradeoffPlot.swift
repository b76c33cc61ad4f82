import MixtureOfExperts
import Radio

/// Accuracy against how far experts disagree, a panel a kind of link; bars reach from the lowest to the highest training seed.
struct TradeoffPlot {
  /// Percentage points below the best that are shown.
  private static let depth = 12.0
  /// Percentage points that names take above all points.
  private static let nameHeight = 4.0
  /// Per cent of disagreement between one name and the next, at least.
  private static let nameSpacing = 1.7

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
    let row = Gnuplot.Panels(columns: links.count)
    var lines =
      row.opening(path, title: study.title) + [
        "set xlabel 'images on which two experts disagree (%)'",
        "set ylabel 'validation images right (%)'",
        "set xrange [-2:*]",
        "set offsets 0, graph 0.1, 0, 0",
        "set yrange [\(sixDigits(bottom)):\(sixDigits(top + Self.nameHeight))]",
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
    let block = "$t\(number)_names"
    lines += Gnuplot.block(block, names(series))
    plots.append("\(block) using 1:2:3:4 with vectors nohead lc rgb '#bbbbbb' lw 0.8 notitle")
    plots.append(
      "\(block) using ($1+$3):($2+$4):5 with labels left offset 0,0.3 rotate by 90 font 'sans,10' tc rgb '#555555' noenhanced notitle"
    )
    return lines + ["set title \(Gnuplot.quoted(link.title)) noenhanced", "plot \(plots.joined(separator: ", "))"]
  }

  /// Rows of x, y, dx, dy, name: from a variant's highest point to its name, which stands upright in a row above all of them.
  private func names(_ series: [Series]) -> [String] {
    let places = Self.spread(shown.map(\.figures.disagreement.mean), by: Self.nameSpacing)
    return zip(shown, places).map { variant, place in
      let x = variant.figures.disagreement.mean
      let high = series.flatMap { $0.values(variant.figures) }.max() ?? top
      let numbers = [x, high, place - x, top + 0.4 - high].map(sixDigits).joined(separator: " ")
      return "\(numbers) \"\(variant.name)\""
    }
  }

  /// Rising positions, moved apart as little as possible (in squares) until they keep a distance: isotonic regression of
  /// x_i - i d by pooling adjacent violators.
  static func spread(_ xs: [Double], by distance: Double) -> [Double] {
    var pools: [(mean: Double, count: Int)] = []
    for (i, x) in xs.enumerated() {
      pools.append((x - Double(i) * distance, 1))
      while pools.count > 1, pools[pools.count - 2].mean > pools[pools.count - 1].mean {
        let last = pools.removeLast()
        let before = pools.removeLast()
        let count = before.count + last.count
        pools.append(
          ((before.mean * Double(before.count) + last.mean * Double(last.count)) / Double(count), count))
      }
    }
    return pools.flatMap { Array(repeating: $0.mean, count: $0.count) }.enumerated().map { $1 + Double($0) * distance }
  }
}

extension Tradeoff {
  package func plot(output path: String) -> String? { TradeoffPlot(self).script(output: path) }
}
