import Foundation

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
    for law in laws {
      lines += ["", "## Analog links, SNR ~ \(law)", ""]
      lines += table(["gate", "experts"] + studies.map(\.model), rows(law))
      lines += [""]
      lines += table(["difference"] + studies.map(\.model), differences(law))
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

  /// Names of the laws in the order of the rows.
  private var laws: [String] {
    var laws: [String] = []
    for row in studies.flatMap(\.rows) where row.link == "analog" && !laws.contains(row.law) { laws.append(row.law) }
    return laws
  }

  private func rows(_ law: String) -> [[String]] {
    var keys: [[String]] = []
    for row in studies.flatMap(\.rows) where row.law == law && !keys.contains([row.gate, "\(row.topK)"]) {
      keys.append([row.gate, "\(row.topK)"])
    }
    return keys.map { key in
      key
        + studies.map { study in
          let row = study.rows.first { $0.law == law && [$0.gate, "\($0.topK)"] == key }
          return row.map { row in
            "\(interval(row.accuracy)) [\(number(row.accuracies.min() ?? 0)), \(number(row.accuracies.max() ?? 0))]"
          } ?? ""
        }
    }
  }

  private func differences(_ law: String) -> [[String]] {
    var names: [String] = []
    for comparison in studies.flatMap(\.comparisons) where comparison.law == law {
      let name = "\(comparison.better) - \(comparison.than)"
      if !names.contains(name) { names.append(name) }
    }
    return names.map { name in
      [name]
        + studies.map { study in
          let comparison = study.comparisons.first { $0.law == law && "\($0.better) - \($0.than)" == name }
          return comparison.map { interval($0.difference) } ?? ""
        }
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
