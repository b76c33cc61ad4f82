import Datasets
import Foundation
import MixtureOfExperts
import Radio

extension Table2 {
  package var markdown: String {
    var lines = ["## \(title)", ""] + Markdown.madeBy(command)
    let images = networks.lazy.flatMap(\.columns).compactMap { $0.study?.images }.first ?? 0
    lines += [
      "\(ProgressMeter.grouped(images)) test images, each with a fading block of its own, sent to the expert that a gate "
        + "chooses; Rayleigh links, SNR ~ \(plan.conditions.first?.law.name ?? ""). Per cent right: the mean over channel seeds "
        + plan.channelSeeds.map(String.init).joined(separator: ", ")
        + " (lowest to highest seed). Differences are in percentage points with 95 % intervals, paired image by image over "
        + "the same draws. The oracle knows the labels: an image is right if any expert is, each on what its own link delivers; "
        + "that is a bound, not a target, for eight experts on noise guess right now and then.",
      "", "![\(title)](Results/table2/table2.svg)", "",
    ]
    for network in networks { lines += section(network) }
    return lines.joined(separator: "\n")
  }

  private func section(_ network: Network) -> [String] {
    var lines = ["### \(network.name), \(network.dataset.title)", ""]
    let missing = network.columns.filter { $0.study == nil }
    if network.columns.isEmpty { lines += ["No model of this network yet: the paper's figures only.", ""] }
    if !missing.isEmpty {
      lines += ["Missing here: " + missing.map { "`\($0.bundle)`" }.joined(separator: ", ") + ".", ""]
    }
    let present = network.columns.filter { $0.study != nil }
    lines += Markdown.table(
      ["links", "gate", "published"] + present.map { "`\($0.recipe)`" }, grouping: 1, mainRows(network, present))
    guard !present.isEmpty else { return lines }
    lines += several(present) + otherConditions(present) + experts(present)
    return lines
  }

  // MARK: One expert an image, under the first law

  private func mainRows(_ network: Network, _ present: [Column]) -> [[String]] {
    guard let condition = plan.conditions.first else { return [] }
    let best = present.map { column in column.study.map { Markdown.number($0.clean.baseAccuracy) } ?? "" }
    var rows = [["ideal", "base", Markdown.number(network.published.base)] + best]
    for link in condition.links {
      for gate in condition.gates {
        let published = network.published.accuracy(gate, over: link)
        if present.isEmpty && published == nil { continue }
        rows.append(
          [link.title, gate.rawValue, published.map(Markdown.number) ?? ""]
            + present.map { cell($0.study?.row(gate, over: link, under: condition.law)) })
      }
      if present.isEmpty { continue }
      for rival in present.flatMap({ $0.study?.comparisons.map(\.than) ?? [] }).unique {
        let published = network.published.difference(to: rival, over: link).map(Markdown.signed)
        rows.append(
          [link.title, "*channel-aware − \(rival)*", published ?? ""]
            + present.map { column in
              column.study?.comparison(with: rival, over: link, under: condition.law).map(Markdown.difference) ?? ""
            })
      }
    }
    return rows
  }

  private func cell(_ row: Study.Row?) -> String { row.map { Markdown.spread($0.accuracies) } ?? "" }

  // MARK: More

  private func several(_ present: [Column]) -> [String] {
    guard let condition = plan.conditions.first, condition.topK.contains(where: { $0 > 1 }) else { return [] }
    var rows: [[String]] = []
    for link in condition.links {
      for gate in condition.gates where gate != .oracle {
        for topK in condition.topK where topK > 1 {
          rows.append(
            [link.title, gate.rawValue, "\(topK)"]
              + present.map { cell($0.study?.row(gate, over: link, topK: topK, under: condition.law)) })
        }
      }
      for topK in condition.topK where topK > 1 {
        rows.append(
          [link.title, "*channel-aware − best-snr*", "\(topK)"]
            + present.map { column in
              column.study?.comparison(with: "best-snr", over: link, topK: topK, under: condition.law)
                .map(Markdown.difference) ?? ""
            })
      }
    }
    return ["Several experts an image, their answers mixed by the gate's weights:", ""]
      + Markdown.table(["links", "gate", "experts"] + present.map { "`\($0.recipe)`" }, grouping: 2, rows)
  }

  private func otherConditions(_ present: [Column]) -> [String] {
    var rows: [[String]] = []
    for condition in plan.conditions.dropFirst() {
      for link in condition.links {
        for gate in condition.gates {
          let studied = present.map { $0.study?.row(gate, over: link, under: condition.law) }
          rows.append(
            [condition.law.name, link.title, gate.rawValue]
              + studied.map { row in
                guard let row, link.onDecodeFailure == .redispatch else { return cell(row) }
                return cell(row) + String(format: "; %.2f sent", row.radioPerImage.transmissions)
              })
        }
        rows.append(
          [condition.law.name, link.title, "*channel-aware − best-snr*"]
            + present.map { column in
              column.study?.comparison(with: "best-snr", over: link, under: condition.law).map(Markdown.difference)
                ?? ""
            })
      }
    }
    guard !rows.isEmpty else { return [] }
    return ["Other laws of the SNR, and other answers to a lost latent (sent: transmissions an image):", ""]
      + Markdown.table(["SNR", "links", "gate"] + present.map { "`\($0.recipe)`" }, grouping: 2, rows)
  }

  private func experts(_ present: [Column]) -> [String] {
    let rows = present.compactMap { column in
      column.study.map { study -> [String] in
        let (clean, accuracies) = (study.clean, study.clean.expertAccuracies)
        return [
          "`\(column.recipe)`", Markdown.number(clean.baseAccuracy),
          "\(Markdown.number(accuracies.min() ?? 0)) to \(Markdown.number(accuracies.max() ?? 0))",
          Markdown.number(clean.uniformAccuracy), Markdown.number(clean.pairwiseDisagreement),
          "\(Markdown.number(clean.mutualInformation)) bit", Markdown.number(clean.oracleAccuracy),
        ]
      }
    }
    return ["The experts on ideal links:", ""]
      + Markdown.table(
        [
          "", "base gate", "each expert alone", "equal vote of all", "two experts disagree", "I(expert; class)",
          "some expert right",
        ], rows)
  }
}

extension PublishedFigures {
  /// The paper's channel-aware gate minus something else; nil where it gives no such figure.
  func difference(to rival: String, over link: StudyLink) -> Double? {
    let other =
      rival == Study.baseOnIdealLinks ? base : EvaluatedGate(rawValue: rival).flatMap { accuracy($0, over: link) }
    guard let other, let own = accuracy(.channelAware, over: link) else { return nil }
    return own - other
  }
}
