import MixtureOfExperts
import Radio

extension Heterogeneous.Result {
  /// Of all experts.
  var meanMultiplyAdds: Double { multiplyAdds.map(Double.init).mean }
  var isHeterogeneous: Bool { Set(multiplyAdds).count > 1 }

  /// The same arm of every training seed.
  func arms(_ link: StudyLink, _ gate: GatePolicy, price: Float = 0) -> [Heterogeneous.Arm] {
    runs.flatMap { run in run.arms.filter { $0.link == link && $0.gate == gate && $0.price == price } }
  }

  /// The prices that were measured, from none.
  var prices: [Float] { (runs.first?.arms ?? []).filter { $0.gate == .channelAware }.map(\.price).unique }

  /// What the experts compute for an image on ideal links, where stage 1's gate chooses.
  var baseMultiplyAdds: Double {
    runs.map { run in zip(run.clean.loads, multiplyAdds).reduce(0) { $0 + $1.0 * Double($1.1) } }.mean
  }
}

extension [Heterogeneous.Arm] {
  /// Of each training seed, the mean over its channel seeds.
  var accuracies: [Double] { map(\.accuracies.mean) }
  var multiplyAdds: Double { map(\.multiplyAddsPerImage).mean }
  var lead: Interval? { Interval(meanOf: compactMap(\.lead)) }
}

extension Heterogeneous {
  package var csv: String {
    var lines = ["mixture,training_seed,link,gate,price,multiply_adds_per_image,accuracy,seed_accuracies,loads"]
    for result in results {
      for run in result.runs {
        let base = zip(run.clean.loads, result.multiplyAdds).reduce(0) { $0 + $1.0 * Double($1.1) }
        lines.append(
          "\"\(result.name)\",\(run.seed),ideal,base,0,\(sixDigits(base)),\(sixDigits(run.clean.baseAccuracy)),"
            + "\(sixDigits(run.clean.baseAccuracy)),\(Self.list(run.clean.loads))")
        lines += run.arms.map { arm in
          "\"\(result.name)\",\(run.seed),\(arm.link.rawValue),\(arm.gate.rawValue),\(arm.price),"
            + "\(sixDigits(arm.multiplyAddsPerImage)),\(sixDigits(arm.accuracies.mean)),\(Self.list(arm.accuracies)),"
            + Self.list(arm.loads)
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func list(_ values: [Double]) -> String { values.map(sixDigits).joined(separator: " ") }

  package var markdown: String {
    var lines = ["## \(title)", ""] + Markdown.madeBy(command)
    lines += [
      "Mixtures of \(results.first?.multiplyAdds.count ?? 0) experts, trained by the same recipe but for the widths of the "
        + "experts' layers; \(ProgressMeter.grouped(images)) test images right (%), one expert an image, SNR ~ \(law.name); means "
        + "over training seeds \(seeds.map(String.init).joined(separator: ", ")) (lowest to highest), each over channel seeds "
        + "\(channelSeeds.map(String.init).joined(separator: ", ")). Multiply-adds are those of one expert for one latent: "
        + "the mean over the experts, and over the images by the gate's choice. The last column is against "
        + "`\(results.first?.name ?? "")`, in percentage points, paired image by image over the same draws: the trainings' mean "
        + "± the mean of their 95 % half-widths.", "",
      "![\(title)](Results/\(name)/\(name).svg)", "",
    ]
    lines += Markdown.table(
      [
        "experts", "links", "multiply-adds, mean expert", "by the gate's choice", "channel-aware", "best-SNR",
        "against the first",
      ], grouping: 1, results.flatMap(overview))
    for result in results where result.isHeterogeneous { lines += section(result) }
    return lines.joined(separator: "\n")
  }

  private func overview(_ result: Result) -> [[String]] {
    let base = [
      "`\(result.name)`", "ideal, base gate", Self.count(result.meanMultiplyAdds), Self.count(result.baseMultiplyAdds),
      Markdown.spread(result.runs.map(\.clean.baseAccuracy)), "", "",
    ]
    return [base]
      + links.map { link in
        let aware = result.arms(link, .channelAware)
        return [
          "`\(result.name)`", link.title, Self.count(result.meanMultiplyAdds), Self.count(aware.multiplyAdds),
          Markdown.spread(aware.accuracies), Markdown.spread(result.arms(link, .bestSNR).accuracies),
          aware.lead.map(Markdown.difference) ?? "",
        ]
      }
  }

  private func section(_ result: Result) -> [String] {
    var lines = [
      "`\(result.name)`, expert by expert, and the share of the images that the channel-aware gate gives to each:", "",
    ]
    lines += Markdown.table(
      ["expert", "layers", "multiply-adds", "alone, ideal links"] + links.map { "share, \($0.kind.name)" },
      result.widths.indices.map { k in
        [
          "\(k)", result.widths[k].map(String.init).joined(separator: "-"),
          ProgressMeter.grouped(result.multiplyAdds[k]),
          Markdown.spread(result.runs.map { $0.clean.expertAccuracies[k] }),
        ]
          + links.map { link in
            Markdown.number(100 * result.arms(link, .channelAware).map { $0.loads[k] }.mean) + " %"
          }
      })
    guard result.prices.count > 1 else { return lines }
    lines += [
      "The same where computation has a price, c in ln g − c M, M in millions of multiply-adds "
        + "(`--compute-price`):", "",
    ]
    return lines
      + Markdown.table(
        ["c"] + links.flatMap { ["multiply-adds an image, \($0.kind.name)", "channel-aware, \($0.kind.name)"] },
        result.prices.map { price in
          [sixDigits(Double(price))]
            + links.flatMap { link in
              let arms = result.arms(link, .channelAware, price: price)
              return [Self.count(arms.multiplyAdds), Markdown.spread(arms.accuracies)]
            }
        })
  }

  private static func count(_ value: Double) -> String { ProgressMeter.grouped(Int(value.rounded())) }
}
