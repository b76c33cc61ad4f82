import Foundation

/// One or several training runs' loss and accuracies against epochs, as one picture.
package struct LearningCurves: Sendable {
  private struct Run {
    let name: String
    /// The figures of each epoch, the number of the epoch among them.
    let epochs: [[String: Double]]

    func has(_ figure: String) -> Bool { epochs.contains { $0[figure] != nil } }
  }

  /// What is drawn of a run's accuracies, as far as it has them. Of one run, colours tell what answers, dashes how.
  private struct Figure {
    let name: String
    let title: String
    let colour: Int
    let dash: Int
  }

  private static let accuracies = [
    Figure(name: "base_accuracy", title: "base", colour: 0, dash: 0),
    Figure(name: "averaged_base_accuracy", title: "base, averaged weights", colour: 0, dash: 1),
    Figure(name: "best_expert_accuracy", title: "best single expert", colour: 1, dash: 0),
    Figure(name: "mean_expert_accuracy", title: "mean single expert", colour: 2, dash: 0),
    Figure(name: "analog_channel_aware", title: "analog, channel-aware", colour: 0, dash: 0),
    Figure(name: "digital_channel_aware", title: "digital, channel-aware", colour: 0, dash: 1),
    Figure(name: "analog_best_snr", title: "analog, best SNR", colour: 1, dash: 0),
    Figure(name: "digital_best_snr", title: "digital, best SNR", colour: 1, dash: 1),
    Figure(name: "analog_naive", title: "analog, naive", colour: 2, dash: 0),
    Figure(name: "digital_naive", title: "digital, naive", colour: 2, dash: 1),
  ]
  private static let colours = ["#1f5fb4", "#c8401f", "#2a8a3e", "#8a4fb0", "#c99700", "#3a9aa8", "#7a7a7a", "#b0487a"]
  private static let dashes = ["solid", "(14,5)", "(3,3)", "(14,4,3,4)", "(8,8)", "(2,6)"]

  private let runs: [Run]

  /// Reads the metrics of training runs.
  /// - Parameter folders: of runs, as `--run` names them.
  /// - Throws: `metrics` where a folder has none, or a line is not one of them.
  package init(folders: [String]) throws(TrainingError) {
    var runs: [Run] = []
    let paths = folders.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
    let names = Self.distinctNames(paths)
    for (path, name) in zip(paths, names) {
      runs.append(Run(name: name, epochs: try Self.read(path + "/" + TrainingRun.metricsFile)))
    }
    self.runs = runs
  }

  /// The numbers of each line of a run's metrics file.
  static func read(_ path: String) throws(TrainingError) -> [[String: Double]] {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw .metrics(path: path, reason: "expected the metrics of a training run, not there")
    }
    var epochs: [[String: Double]] = []
    for (number, line) in text.split(whereSeparator: \.isNewline).enumerated() {
      guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
        throw .metrics(path: path, reason: "line \(number + 1): expected a JSON object")
      }
      let figures = object.compactMapValues { $0 as? Double }
      guard let epoch = figures["epoch"], Int(exactly: epoch) != nil, figures["loss"] != nil else {
        throw .metrics(path: path, reason: "line \(number + 1): expected numbers epoch, a whole one, and loss")
      }
      epochs.append(figures)
    }
    guard !epochs.isEmpty else { throw .metrics(path: path, reason: "expected an epoch, found none") }
    return epochs
  }

  /// The paths without the folders that all of them share; of a single one the last two parts.
  private static func distinctNames(_ paths: [String]) -> [String] {
    var parts = paths.map { $0.split(separator: "/") }
    while parts.allSatisfy({ $0.count > (paths.count == 1 ? 2 : 1) }), Set(parts.map { $0[0] }).count == 1 {
      parts = parts.map { Array($0.dropFirst()) }
    }
    return parts.map { $0.joined(separator: "/") }
  }

  /// Loss at the left, accuracies at the right. Where there are several runs, colours tell them apart, and dashes figures.
  ///
  /// - Parameter path: ends in `.png` or `.svg`.
  package func script(output path: String) -> String {
    let shown = Self.accuracies.filter { figure in runs.contains { $0.has(figure.name) } }
    var data: [String] = []
    var (losses, accuracies): ([Curve], [Curve]) = ([], [])
    for (number, run) in runs.enumerated() {
      let colour = runs.count == 1 ? Self.neutral : Self.colours[number % Self.colours.count]
      data += block("$loss\(number)", run, "loss")
      losses.append(Curve(data: "$loss\(number)", colour: colour, dash: 0, title: runs.count == 1 ? nil : run.name))
      for (place, figure) in shown.enumerated() where run.has(figure.name) {
        data += block("$a\(number)_\(place)", run, figure.name)
        accuracies.append(
          runs.count == 1
            ? Curve(
              data: "$a\(number)_\(place)", colour: Self.colours[figure.colour], dash: figure.dash, title: figure.title)
            : Curve(data: "$a\(number)_\(place)", colour: colour, dash: place, title: nil))
      }
    }
    // A key of the dashes alone: the colours are explained at the left.
    let key =
      runs.count == 1
      ? []
      : shown.enumerated().map { Curve(data: "NaN", colour: Self.neutral, dash: $0.offset, title: $0.element.title) }
    let titles = [losses.compactMap(\.title), (accuracies + key).compactMap(\.title)]
    let margin = 0.13 + 0.035 * Double(titles.map(Self.keyRows).max() ?? 0)
    let head = runs.count == 1 ? "Learning curves of \(runs[0].name)" : "Learning curves of \(runs.count) runs"
    let left = panel("training loss", losses, from: 0.065, to: shown.isEmpty ? 0.98 : 0.48)
    let right = panel("right on the validation images, %", accuracies + key, from: 0.56, to: 0.985)
    let lines =
      data + [
        "set terminal \(Self.terminal(for: path))", "set output \(Gnuplot.quoted(path))",
        "set multiplot title \(Gnuplot.quoted(head)) noenhanced",
        "set border 3 lc rgb '#888888'", "set tics nomirror tc rgb '#333333'", "set grid lc rgb '#e4e4e4' lt 1",
        "set xlabel 'epoch'", "set xrange [1:\(max(lastEpoch, 2))]", lastEpoch <= 12 ? "set xtics 1" : "set xtics auto",
        "set offsets 0, 0, graph 0.04, graph 0.02", "set tmargin at screen 0.91",
        "set bmargin at screen \(sixDigits(margin))",
        "set key bmargin center horizontal Left reverse noenhanced samplen 3 width 1",
      ] + left + (shown.isEmpty ? [] : right) + ["unset multiplot"]
    return lines.joined(separator: "\n") + "\n"
  }

  private struct Curve {
    let data: String
    let colour: String
    let dash: Int
    let title: String?
  }

  private static let neutral = "#333333"

  private var lastEpoch: Int { Int(runs.flatMap(\.epochs).compactMap { $0["epoch"] }.max() ?? 1) }

  private static func terminal(for path: String) -> String {
    path.hasSuffix(".png")
      ? "pngcairo size 1500,640 font 'sans,12'" : "svg size 1500,640 font 'sans,14' background '#ffffff'"
  }

  /// About how many lines a key takes under a panel.
  private static func keyRows(_ titles: [String]) -> Int {
    let widest = (titles.map(\.count).max() ?? 0) + 10
    let columns = max(1, 75 / widest)
    return (titles.count + columns - 1) / columns
  }

  private func panel(_ label: String, _ curves: [Curve], from left: Double, to right: Double) -> [String] {
    // Points show where epochs are few.
    let style = lastEpoch <= 20 ? "linespoints pt 7 ps 0.5" : "lines"
    let plots = curves.map { curve in
      (curve.data == "NaN" ? "NaN with lines" : "\(curve.data) using 1:2 with \(style)")
        + " lw 2 lc rgb '\(curve.colour)' dt \(Self.dashes[curve.dash % Self.dashes.count]) "
        + (curve.title.map { "title \(Gnuplot.quoted($0))" } ?? "notitle")
    }
    return [
      "set lmargin at screen \(left)", "set rmargin at screen \(right)", "set ylabel '\(label)'",
      "plot \(plots.joined(separator: ", "))",
    ]
  }

  private func block(_ name: String, _ run: Run, _ figure: String) -> [String] {
    ["\(name) << END"]
      + run.epochs.compactMap { epoch in
        epoch[figure].map { "\(sixDigits(epoch["epoch"] ?? 0)) \(sixDigits($0))" }
      } + ["END"]
  }
}
