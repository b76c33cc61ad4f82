import Foundation
import Radio

/// Several models' studies side by side: a JSON file for programs and a Markdown file for people.
package struct StudyReport: Codable, Sendable {
  package var title: String
  /// The command that made the report.
  package var command: String
  package var studies: [Study]

  package init(title: String, command: String, studies: [Study]) {
    self.title = title
    self.command = command
    self.studies = studies
  }

  /// Writes `path`.json and `path`.md.
  package func write(to path: String) throws(TrainingError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      try (try encoder.encode(self) + Data("\n".utf8)).write(to: URL(fileURLWithPath: path + ".json"), options: .atomic)
      try Data(markdown.utf8).write(to: URL(fileURLWithPath: path + ".md"), options: .atomic)
    } catch {
      throw .unwritable(path: path, reason: (error as NSError).localizedDescription)
    }
  }

  package var markdown: String {
    var lines = ["# \(title)", "", "Made by `\(command)`.", ""]
    if let study = studies.first {
      lines += [
        "\(study.images) test images; channel seeds \(study.seeds.map(String.init).joined(separator: ", ")). "
          + "Accuracies in per cent with 95 % intervals over images; in brackets the lowest and the highest seed. "
          + "Differences in percentage points, paired over the same images and draws.", "",
        "Digital links: what became of a latent that a link lost (redispatch: the next-best expert is asked, three "
          + "transmissions at most; erasure: the expert answers from the training mean; raw: from what came). Delivered "
          + "are the images whose experts answered from latents as they were sent; sent and on air are transmissions and "
          + "time an image, at a million symbols a second.", "",
      ]
    }
    lines += ["## Ideal links: the mixture and its experts", ""]
    lines += table(
      [
        "", "base gate, top-1", "each expert alone", "equal vote of all", "two experts disagree", "I(expert; class)",
        "some expert right",
      ],
      studies.map { study in
        let clean = study.clean
        let (low, high) = (clean.expertAccuracies.min() ?? 0, clean.expertAccuracies.max() ?? 0)
        return [
          study.model, number(clean.baseAccuracy), "\(number(low)) to \(number(high))", number(clean.uniformAccuracy),
          number(clean.pairwiseDisagreement), "\(number(clean.mutualInformation)) bit", number(clean.oracleAccuracy),
        ]
      })
    for (link, law) in sections {
      lines += ["", "## \(link.capitalized) links, SNR ~ \(law)", ""]
      lines += table(rowHead(link) + studies.map(\.model), rows(link, law))
      lines += [""]
      lines += table(differenceHead(link) + studies.map(\.model), differences(link, law))
    }
    lines += ["", "## Experts one by one", ""]
    lines += table(
      ["expert"] + studies.map { "\($0.model): alone / share of images" },
      (0..<(studies.map(\.clean.expertAccuracies.count).max() ?? 0)).map { k in
        ["\(k)"]
          + studies.map { study in
            guard study.clean.expertAccuracies.indices.contains(k) else { return "" }
            return "\(number(study.clean.expertAccuracies[k])) / \(number(100 * study.clean.loads[k])) %"
          }
      })
    return lines.joined(separator: "\n") + "\n"
  }

  /// Analog links law by law, then digital ones.
  private var sections: [(link: String, law: String)] {
    ["analog", "digital"].flatMap { link in
      studies.flatMap(\.rows).filter { $0.link == link }.map(\.law).unique.map { (link, $0) }
    }
  }

  private func rowHead(_ link: String) -> [String] { ["gate", link == "digital" ? "a lost latent" : "experts"] }

  private func rows(_ link: String, _ law: String) -> [[String]] {
    func key(_ row: Study.Row) -> [String] { [row.gate, row.onDecodeFailure ?? "\(row.topK)"] }
    let all = studies.map { $0.rows.filter { $0.link == link && $0.law == law } }
    return all.joined().map(key).unique.map { wanted in
      wanted + all.map { rows in rows.first { key($0) == wanted }.map(cell) ?? "" }
    }
  }

  /// A row's accuracy; over a digital link also what it took to get it.
  private func cell(_ row: Study.Row) -> String {
    let accuracy =
      "\(interval(row.accuracy)) [\(number(row.accuracies.min() ?? 0)), \(number(row.accuracies.max() ?? 0))]"
    guard row.link == "digital", let radio = row.radioPerImage, let delivered = row.delivered else { return accuracy }
    return accuracy + "; \(number(delivered)) % delivered, \(String(format: "%.3f", radio.transmissions)) sent, "
      + "\(String(format: "%.0f", radio.airtime)) us on air"
  }

  private func differenceHead(_ link: String) -> [String] {
    ["difference"] + (link == "digital" ? ["a lost latent"] : [])
  }

  private func differences(_ link: String, _ law: String) -> [[String]] {
    func key(_ comparison: Study.Comparison) -> [String] {
      ["\(comparison.better) - \(comparison.than)"] + (comparison.onDecodeFailure.map { [$0] } ?? [])
    }
    let all = studies.map { $0.comparisons.filter { $0.link == link && $0.law == law } }
    return all.joined().map(key).unique.map { wanted in
      wanted + all.map { some in some.first { key($0) == wanted }.map { interval($0.difference) } ?? "" }
    }
  }

  private func table(_ head: [String], _ rows: [[String]]) -> [String] {
    ["| " + head.joined(separator: " | ") + " |", "|" + String(repeating: "---|", count: head.count)]
      + rows.map { "| " + $0.joined(separator: " | ") + " |" }
  }

  private func interval(_ interval: Interval) -> String {
    "\(number(interval.mean)) ± \(number((interval.high - interval.low) / 2))"
  }

  private func number(_ value: Double) -> String { String(format: "%.2f", value) }
}

extension Sequence where Element: Hashable {
  /// Each element once, in the order of first occurrence.
  fileprivate var unique: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
