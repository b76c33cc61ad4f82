import Datasets
import MixtureOfExperts
import Radio

extension Table2 {
  /// What it comes to, in a table that opens RESULTS.md: a row for each model that is here, below the published one.
  package var summary: [String] {
    guard let condition = plan.conditions.first else { return [] }
    let links = condition.links
    let rows = networks.flatMap { network -> [[String]] in
      let present = network.columns.filter { $0.study != nil }
      guard !present.isEmpty else { return [] }
      let name = "\(network.name), \(network.dataset.title)"
      let published = links.map { network.published.accuracy(.channelAware, over: $0) }
      return [
        [name, "published", Markdown.number(network.published.base)]
          + published.map { $0.map { withLoss($0, below: network.published.base) } ?? "" }
          + links.map { _ in "" }
      ]
        + present.map { column in
          let base = column.study?.clean.baseAccuracy ?? 0
          func means(_ gate: EvaluatedGate) -> [Double?] {
            links.map { column.study?.row(gate, over: $0, under: condition.law)?.accuracies.mean }
          }
          return [name, "`\(column.recipe)`", Markdown.number(base)]
            + means(.channelAware).map { $0.map { withLoss($0, below: base) } ?? "" }
            + means(.policy(.bestSNR)).map { $0.map(Markdown.number) ?? "" }
        }
    }
    guard !rows.isEmpty else { return [] }
    return [
      "Test images right (%) with one expert an image, SNR ~ \(condition.law.name), and in brackets how far that is from the "
        + "base network on ideal links; all of it, with spreads and intervals, under Table II.",
      "",
    ]
      + Markdown.table(
        ["network", "trained", "base, ideal links"] + links.map { "channel-aware, \($0.title)" }
          + links.map { "best-SNR, \($0.title)" }, grouping: 1, rows)
  }

  private func withLoss(_ accuracy: Double, below base: Double) -> String {
    "\(Markdown.number(accuracy)) (\(Markdown.signed(accuracy - base)))"
  }
}
