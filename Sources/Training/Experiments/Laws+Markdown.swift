import Datasets

extension Laws {
  package var markdown: String {
    var lines = ["## \(title)", ""] + Markdown.madeBy(command)
    lines += [
      "The gates as they were trained, under laws of the links that they were not all trained on; test images right (%), one "
        + "expert an image, the mean over channel seeds "
        + plan.channelSeeds.map(String.init).joined(separator: ", ")
        + " (lowest to highest seed). The last column is the channel-aware gate against the better of the two others, in "
        + "percentage points with a 95 % interval, paired image by image over the same draws. Where devices move, or what is on the "
        + "air lasts, every image meets devices of its own, elsewhere and at another time.", "",
      "![\(title)](Results/\(name)/\(name).svg)", "",
    ]
    for network in networks { lines += section(network) }
    return lines.joined(separator: "\n")
  }

  private func section(_ network: Network) -> [String] {
    let study = network.study
    var rows: [[String]] = []
    for condition in plan.conditions {
      for link in condition.links {
        let accuracies = condition.gates.map { gate in
          study.row(gate, over: link, under: condition.law).map { Markdown.spread($0.accuracies) } ?? ""
        }
        let lead = study.leadOverRivals(over: link, under: condition.law)
          .map { "\(Markdown.difference($0.difference)) (\($0.rival))" }
        rows.append([condition.law.name, link.title] + accuracies + [lead ?? ""])
      }
    }
    let gates = plan.conditions.first?.gates.map(\.rawValue) ?? []
    return [
      "### \(network.name), \(network.dataset.title): `\(network.bundle)`, \(Markdown.number(study.clean.baseAccuracy)) on "
        + "ideal links", "",
    ] + Markdown.table(["law", "links"] + gates + ["against the better one"], grouping: 1, rows)
  }
}
