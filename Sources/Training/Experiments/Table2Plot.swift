import Datasets
import Foundation
import MixtureOfExperts
import Radio

/// Table II as bars: for each network that is here, the published figures beside those of each recipe.
struct Table2Plot {
  private let table: Table2

  init(_ table: Table2) { self.table = table }

  private struct Group {
    let title: String
    let link: StudyLink
    let gate: EvaluatedGate
  }

  private static let bar = 0.19
  private static let colours = [
    "paper": Gnuplot.green, "robust": Gnuplot.blue, "replicas": Gnuplot.red,
  ]

  /// The gates that are told apart at a glance, over the first law's kinds of link.
  private var groups: [Group] {
    let gates: [EvaluatedGate] = [.channelAware, .policy(.bestSNR), .policy(.naive)]
    let links = table.plan.conditions.first?.links ?? []
    return [Group(title: "base\\nideal", link: .ideal, gate: .policy(.base))]
      + links.flatMap { link in
        gates.map { Group(title: "\($0.rawValue)\\n\(link.kind.name)", link: link, gate: $0) }
      }
  }

  func script(output path: String) -> String? {
    let networks = table.networks.filter { $0.columns.contains { $0.study != nil } }
    guard !networks.isEmpty else { return nil }
    var lines =
      Gnuplot.canvas(path, width: 1_150, height: 430 * networks.count) + [
        "set multiplot layout \(networks.count),1",
        "set style fill solid 1 noborder",
        "set boxwidth \(Self.bar * 0.92)",
        "set grid y lc rgb '#e4e4e4'",
        "set border 3 lc rgb '#666666'",
        "set tics nomirror scale 0",
        // Room for the legend above the highest bars.
        "set yrange [0:120]",
        "set ytics 0,20,100",
        "set bmargin 4",
        "set xrange [-0.6:\(Double(groups.count) - 0.4)]",
        "set ylabel 'test images right (%)'",
        "set key inside top right horizontal noenhanced",
        "set xtics (\(groups.enumerated().map { "\"\($1.title)\" \($0)" }.joined(separator: ", "))) noenhanced",
      ]
    for (number, network) in networks.enumerated() {
      lines += panel(network, number)
    }
    return (lines + ["unset multiplot"]).joined(separator: "\n") + "\n"
  }

  private func panel(_ network: Table2.Network, _ number: Int) -> [String] {
    let present = network.columns.filter { $0.study != nil }
    let published = groups.map { network.published.accuracy($0.gate, over: $0.link).map { [$0] } ?? [] }
    var series = [(title: "published", colour: Gnuplot.grey, values: published)]
    for column in present {
      series.append(
        (
          title: "recipe \(column.recipe)", colour: Self.colours[column.recipe] ?? "#000000",
          values: groups.map { group in column.study.map { accuracies($0, group) } ?? [] }
        ))
    }
    var lines: [String] = []
    var plots: [String] = []
    for (place, one) in series.enumerated() {
      let offset = (Double(place) - Double(series.count - 1) / 2) * Self.bar
      let rows = one.values.enumerated().compactMap { group, values -> [Double]? in
        guard let low = values.min(), let high = values.max() else { return nil }
        return [Double(group) + offset, values.reduce(0, +) / Double(values.count), low, high]
      }
      let block = "$n\(number)_\(place)"
      lines += Gnuplot.block(block, rows)
      plots.append("\(block) using 1:2 with boxes lc rgb '\(one.colour)' title \(Gnuplot.quoted(one.title))")
      plots.append("\(block) using 1:3:(0):($4-$3) with vectors nohead lc rgb '#222222' lw 1.5 notitle")
      plots.append(
        "\(block) using 1:2:(sprintf('%.1f', $2)) with labels offset 0,0.7 font 'sans,9' tc rgb '#333333' notitle")
    }
    let title = "\(network.name), \(network.dataset.title): top-1"
    lines += ["set title \(Gnuplot.quoted(title)) noenhanced font 'sans,15'", "plot \(plots.joined(separator: ", "))"]
    return lines
  }

  private func accuracies(_ study: Study, _ group: Group) -> [Double] {
    if group.link == .ideal { return [study.clean.baseAccuracy] }
    return table.plan.conditions.first.flatMap {
      study.row(group.gate, over: group.link, under: $0.law)?.accuracies
    } ?? []
  }
}

extension Table2 {
  package func plot(output path: String) -> String? { Table2Plot(self).script(output: path) }
}
