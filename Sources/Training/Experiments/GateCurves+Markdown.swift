import MixtureOfExperts

extension GateCurves {
  package var markdown: String {
    var lines = ["## \(title)", ""] + Markdown.madeBy(command)
    lines += [
      "Test images right (%) after each epoch of stage 2, links with SNR ~ \(law.name), one expert an image, digital links "
        + "with one transmission; means over channel seeds \(channelSeeds.map(String.init).joined(separator: ", ")) (lowest "
        + "to highest seed). Backbone and experts are those of the models, the gates are trained anew; no epoch is chosen by "
        + "these figures.", "",
    ]
    if !missing.isEmpty {
      lines += ["Missing here: " + missing.map { "`\($0)`" }.joined(separator: ", ") + ".", ""]
    }
    guard !panels.isEmpty else { return lines.joined(separator: "\n") }
    lines += ["![\(title)](Results/\(name)/\(name).svg)", ""]
    lines += Markdown.table(
      ["", "base", "links", "gate", "first epoch", "last epoch"], grouping: 3, rows)
    return lines.joined(separator: "\n")
  }

  private var rows: [[String]] {
    let paper = Self.links.flatMap { link in
      Self.gates.map { gate in
        let accuracy = EvaluatedGate(rawValue: gate.rawValue).flatMap { published.accuracy($0, over: link) }
        return [
          "published", Markdown.number(published.base), link.title, gate.rawValue, "",
          accuracy.map(Markdown.number) ?? "",
        ]
      }
    }
    return paper
      + panels.flatMap { panel in
        panel.curves.map { curve in
          [
            "`\(panel.recipe)`", Markdown.number(panel.base), curve.link.title, curve.gate.rawValue,
            Markdown.spread(curve.accuracies.first ?? []),
            Markdown.spread(curve.accuracies.last ?? []),
          ]
        }
      }
  }
}
