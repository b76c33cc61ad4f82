/// A study's figures as one picture, drawn by gnuplot where it is installed.
package struct LinkPlot: Sendable {
  package static let columns = 3

  private let study: LinkStudy

  package init(_ study: LinkStudy) { self.study = study }

  /// Simulations are points with their 95 % intervals, closed forms lines.
  package func script(output path: String) -> String {
    let rows = (study.figures.count + Self.columns - 1) / Self.columns
    var lines =
      Gnuplot.canvas(path, width: 1_500, height: 420 * rows) + [
        "set multiplot layout \(rows),\(Self.columns) title "
          + "\(Gnuplot.quoted("\(study.scenario): \(study.summary)")) noenhanced",
        "set grid lc rgb '#dddddd'",
        "set key at graph 0.5,-0.24 center top horizontal maxcols 2 noenhanced",
        "set bmargin 7",
        "set bars small",
        "set pointintervalbox 0",
        "set offsets graph 0.03, graph 0.03, 0, 0",
      ]
    for (number, figure) in study.figures.enumerated() {
      let plots = figure.curves.enumerated().flatMap { index, curve in
        let seen = curve.points.filter { !figure.isLogarithmic || $0.measured.mean > 0 }
        lines += Gnuplot.block(
          "$s\(number)_\(index)", seen.map { [$0.x, $0.measured.mean, $0.measured.halfWidth] })
        let exact = curve.points.filter { ($0.closedForm ?? 0) > 0 || ($0.closedForm != nil && !figure.isLogarithmic) }
        lines += Gnuplot.block("$t\(number)_\(index)", exact.map { [$0.x, $0.closedForm ?? 0] })
        let colour = Self.colours[index % Self.colours.count]
        let points =
          "$s\(number)_\(index)" + " using 1:2:3 with yerrorbars lc rgb '\(colour)' pt 7 ps 0.5 title "
          + Gnuplot.quoted(curve.name)
        let line = "$t\(number)_\(index) using 1:2 with lines lc rgb '\(colour)' lw 1.3 notitle"
        return exact.isEmpty ? [points] : [line, points]
      }
      lines += [
        "set title \(Gnuplot.quoted(figure.title)) noenhanced",
        "set xlabel \(Gnuplot.quoted(figure.xLabel)) noenhanced",
        "set ylabel \(Gnuplot.quoted(figure.yLabel)) noenhanced",
        scale(figure),
        "plot \(plots.joined(separator: ", "))",
      ]
    }
    return (lines + ["unset multiplot"]).joined(separator: "\n") + "\n"
  }

  /// The vertical axis; a logarithmic one ends a little below the smallest mean, whatever the intervals reach.
  private func scale(_ figure: LinkStudy.Figure) -> String {
    guard figure.isLogarithmic else { return "unset logscale y; set format y '%g'; set yrange [*:*]" }
    let means = figure.curves.flatMap { $0.points.map(\.measured.mean) }.filter { $0 > 0 }
    let low = (means.min() ?? 0.1) / 3
    // Points at 1 whole, and little above.
    let high = means.allSatisfy { $0 <= 1 } ? "1.6" : "*"
    return "set logscale y; set format y '10^{%L}'; set yrange [\(sixDigits(low)):\(high)]"
  }

  private static let colours = [Gnuplot.blue, Gnuplot.red, Gnuplot.green]
}
