import Datasets
import MixtureOfExperts
import Radio

extension Ablation.Figures {
  /// Of each training seed, the mean over all laws and kinds of link: what variants are chosen by.
  var merits: [Double] {
    (cells.first?.accuracies ?? []).indices.map { seed in cells.map { $0.accuracies[seed] }.mean }
  }
}

extension Ablation.Question {
  var standard: Ablation.Row { rows[0] }

  /// The row that is best on the validation images; of equals the recipe as it is, or else the first.
  var best: Ablation.Row {
    rows.dropFirst().reduce(rows[0]) { $1.validation.merits.mean > $0.validation.merits.mean ? $1 : $0 }
  }

  /// Percentage points on the test images against the recipe as it is, training seed by training seed.
  func differences(_ row: Ablation.Row) -> [Double] { zip(row.test.merits, standard.test.merits).map(-) }
}

extension Ablation {
  package var csv: String {
    var lines = ["network,question,variant,gate,top_k,training_seed,seconds,split,law,link,accuracy"]
    for network in networks {
      for question in network.questions {
        for row in question.rows {
          for (place, seed) in seeds.enumerated() {
            let head =
              "\(network.name),\"\(question.title)\",\"\(row.name)\",\(row.gate.rawValue),\(row.topK),\(seed),"
              + sixDigits(row.seconds[place])
            for (split, figures) in [("validation", row.validation), ("test", row.test)] {
              lines.append("\(head),\(split),,ideal-base,\(sixDigits(figures.base[place]))")
              lines += figures.cells.map { cell in
                "\(head),\(split),\"\(cell.law)\",\(cell.link.rawValue),\(sixDigits(cell.accuracies[place]))"
              }
            }
          }
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  package var markdown: String {
    var lines = ["## \(title)", ""] + Markdown.madeBy(command)
    lines += [
      "A recipe with one thing changed at a time; the first line of each question is the recipe as it is. Test images right "
        + "(%), means over training seeds \(seeds.map(String.init).joined(separator: ", ")) (lowest to highest), each over "
        + "channel seeds; one expert an image and the channel-aware gate, unless a line says otherwise. In bold what is best on "
        + "the validation images, by the mean over all laws and links. \"Against the recipe\" is that mean on the test images less "
        + "the first line's, training seed by training seed.",
      "",
    ]
    if !missing.isEmpty { lines += ["Without a model here: \(missing.joined(separator: ", ")).", ""] }
    guard !networks.isEmpty else { return lines.joined(separator: "\n") }
    lines += ["![\(title)](Results/\(name)/\(name).svg)", ""]
    for network in networks { lines += section(network) }
    return lines.joined(separator: "\n")
  }

  private func section(_ network: Network) -> [String] {
    let what = network.model.map { "stage 2 on `\($0)`, which is kept" } ?? "both stages"
    let cells = network.questions.first?.rows.first?.test.cells ?? []
    return [
      "### \(network.name), \(network.dataset.title): recipe `\(network.recipe)`, \(what)", "",
      "\(ProgressMeter.grouped(network.testImages)) test images, "
        + "\(ProgressMeter.grouped(network.validationImages)) to choose by.",
      "",
    ]
      + Markdown.table(
        ["", "", "base, ideal links"] + cells.map { "\($0.link.kind.name), \($0.law)" }
          + ["against the recipe"],
        grouping: 1, network.questions.flatMap(rows))
  }

  private func rows(_ question: Question) -> [[String]] {
    let best = question.best.name
    return question.rows.map { row in
      [question.title, row.name == best ? "**\(row.name)**" : row.name, Markdown.spread(row.test.base)]
        + row.test.cells.map { Markdown.spread($0.accuracies) }
        + [row.name == question.standard.name ? "" : Markdown.signedSpread(question.differences(row))]
    }
  }
}
