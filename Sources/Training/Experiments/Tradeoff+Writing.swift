import MixtureOfExperts
import Radio

extension Tradeoff {
  /// What is told of a variant, each a value for every training seed.
  struct Figures {
    let disagreement: [Double]
    let base: [Double]
    let bestExpert: [Double]
    let bestSNR: [StudyLink: [Double]]
    let channelAware: [StudyLink: [Double]]

    init(_ studies: [Study], _ condition: StudyPlan.Condition) {
      disagreement = studies.map(\.clean.pairwiseDisagreement)
      base = studies.map(\.clean.baseAccuracy)
      bestExpert = studies.map(\.clean.bestExpertAccuracy)
      func accuracies(_ gate: EvaluatedGate) -> [StudyLink: [Double]] {
        condition.links.reduce(into: [:]) { all, link in
          all[link] = studies.compactMap { $0.row(gate, over: link, under: condition.law)?.accuracy.mean }
        }
      }
      bestSNR = accuracies(.policy(.bestSNR))
      channelAware = accuracies(.channelAware)
    }

    /// What variants are chosen by: the channel-aware gate's mean accuracy over all kinds of link and seeds.
    var merit: Double { channelAware.values.joined().mean }
  }

  /// The kinds of link and the law of the plan's first condition.
  var condition: StudyPlan.Condition { plan.conditions[0] }

  package var csv: String {
    let links = condition.links.map(\.rawValue)
    var lines = [
      "variant,split,training_seed,disagreement,base,best_expert,"
        + (links.map { "best_snr_\($0)" } + links.map { "channel_aware_\($0)" }).joined(separator: ",")
    ]
    for result in results {
      for (split, studies) in [("validation", result.validation), ("test", result.test ?? [])] {
        for (seed, study) in zip(seeds, studies) {
          let figures = Figures([study], condition)
          let values =
            [figures.disagreement, figures.base, figures.bestExpert] + condition.links.map { figures.bestSNR[$0] ?? [] }
            + condition.links.map { figures.channelAware[$0] ?? [] }
          lines.append(
            "\(result.variant.name),\(split),\(seed),"
              + values.map { $0.first.map(sixDigits) ?? "" }.joined(separator: ","))
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  package var markdown: String {
    var lines = ["## \(title)", ""] + Markdown.madeBy(command)
    let count = results.first?.validation.first?.images ?? 0
    lines += [
      "\(ProgressMeter.grouped(count)) validation images right (%) by variants of stage 1, \(epochs.stage1) + \(epochs.stage2) epochs each, top-1, "
        + "SNR ~ \(condition.law.name); means over training seeds \(seeds.map(String.init).joined(separator: ", ")) (lowest to "
        + "highest), each over channel seeds \(plan.channelSeeds.map(String.init).joined(separator: ", ")). b is the weight of the "
        + "loss that every expert pays for every image, down the probability with which an expert is missing while training.",
      "", "![\(title)](Results/tradeoff/tradeoff.svg)", "",
    ]
    lines += table(results.map { ($0.variant.name, Figures($0.validation, condition)) })
    if let best = results.max(by: { Figures($0.validation, condition).merit < Figures($1.validation, condition).merit })
    {
      lines += ["The channel-aware gate's mean over both kinds of link is highest for `\(best.variant.name)`.", ""]
    }
    if let chosen, let test = results.first(where: { $0.variant.name == chosen })?.test {
      lines += ["The default, `\(chosen)`, on the \(ProgressMeter.grouped(test.first?.images ?? 0)) test images:", ""]
      lines += table([(chosen, Figures(test, condition))])
    }
    return lines.joined(separator: "\n")
  }

  private func table(_ rows: [(name: String, figures: Figures)]) -> [String] {
    let links = condition.links
    return Markdown.table(
      ["variant", "two experts disagree", "base, ideal links", "best expert alone"]
        + links.map { "best-SNR, \($0.kind.name)" } + links.map { "channel-aware, \($0.kind.name)" },
      rows.map { name, figures in
        ["`\(name)`"] + [figures.disagreement, figures.base, figures.bestExpert].map(Markdown.spread)
          + links.map { Markdown.spread(figures.bestSNR[$0] ?? []) }
          + links.map { Markdown.spread(figures.channelAware[$0] ?? []) }
      })
  }
}
