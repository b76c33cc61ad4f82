import MixtureOfExperts
import Radio

extension ExpertCounts {
  package var markdown: String {
    guard let condition = plan.conditions.first else { return "" }
    var lines = ["## \(title)", ""] + Markdown.madeBy(command)
    let count = points.first?.studies.first?.images ?? 0
    let backbone =
      fineTuningEpochs.map { epochs in
        "The backbone of `\(backboneOf)` is trained on with them for \(epochs) epoch\(epochs == 1 ? "" : "s")"
      } ?? "The backbone is that of `\(backboneOf)`, kept as it is, so that numbers of experts are all that differs"
    lines += [
      "Experts and gates are trained anew for every number of experts, K, by the recipe `\(recipe)`. \(backbone). "
        + "\(ProgressMeter.grouped(count)) test images right (%), one expert an image, SNR ~ \(condition.law.name); means over "
        + "training seeds \(seeds.map(String.init).joined(separator: ", ")) (lowest to highest), each over channel seeds "
        + "\(plan.channelSeeds.map(String.init).joined(separator: ", ")). Differences are in percentage points, paired image by "
        + "image over the same draws: the trainings' mean ± the mean of their 95 % half-widths, which is no less than that of "
        + "the mean.", "",
      "![\(title)](Results/\(name)/\(name).svg)", "",
    ]
    lines += Markdown.table(
      ["links", "K", "base, ideal links"] + condition.gates.map(\.rawValue) + Self.rivals.map { "against \($0)" },
      grouping: 1, condition.links.flatMap { link in points.map { row($0, link, condition) } })
    lines += delivery(condition)
    let minutes = points.map { "\($0.expertCount): \(Markdown.minutes($0.seconds.mean))" }
    lines += [
      "Minutes of training, both stages, without the latents, by K: \(minutes.joined(separator: ", ")).", "",
    ]
    return lines.joined(separator: "\n")
  }

  private static let rivals = ["naive", "best-snr", Study.baseOnIdealLinks]

  private func row(_ point: Point, _ link: StudyLink, _ condition: StudyPlan.Condition) -> [String] {
    [link.title, "\(point.expertCount)", Markdown.spread(point.base)]
      + condition.gates.map { Markdown.spread(point.accuracies($0, over: link, under: condition.law)) }
      + Self.rivals.map { rival in
        point.lead(over: rival, link, under: condition.law).map(Markdown.difference) ?? ""
      }
  }

  /// How often a gate's choice of link lets the latent through, which is what more links change.
  private func delivery(_ condition: StudyPlan.Condition) -> [String] {
    let links = condition.links.filter { $0.kind == .digital }
    guard !links.isEmpty else { return [] }
    return ["Latents that arrive as they were sent (%), by the gate that chooses their link:", ""]
      + Markdown.table(
        ["links", "K"] + condition.gates.map(\.rawValue), grouping: 1,
        links.flatMap { link in
          points.map { point in
            [link.title, "\(point.expertCount)"]
              + condition.gates.map { Markdown.number(point.delivered($0, over: link, under: condition.law)) }
          }
        })
  }
}
