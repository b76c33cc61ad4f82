import Datasets
import Digests
import Foundation
package import MixtureOfExperts

/// A model's README.md, told from `model.json` and, where the model was measured, from the results of `table2`.
package struct ModelCard: Sendable {
  package static let file = "README.md"

  package let markdown: String

  /// - Parameter table: of which the model's own column is shown.
  /// - Throws: `mismatch` where the results are of another model of that name.
  package init(_ bundle: ModelBundle, results table: Table2?) throws(TrainingError) {
    let description = bundle.description
    var lines = ["# \(description.name)", ""]
    lines += Self.introduction(description) + Self.use(description)
    if let training = description.training { lines += Self.training(description, training) }
    let measured = table.flatMap { table in
      table.networks.lazy.compactMap { network in
        network.columns.first { $0.bundle == description.name }?.study.map { (network, $0) }
      }.first
    }
    if let table, let (network, study) = measured {
      guard study.modelDigest == bundle.digest.hex else {
        throw .mismatch(
          field: "Results/table2/table2.json: digest of \(description.name)", expected: bundle.digest.hex,
          received: "\(study.modelDigest), so it was measured before the model was made; measure it again")
      }
      lines += Self.accuracy(network, study, table)
    } else {
      lines += ["## Accuracy", "", "`Results/` has no test figures of this model.", ""]
    }
    lines += Self.limits(description) + Self.credits(description)
    lines += [
      "## Files", "",
      "SHA-256 of `model.json`, which names the digests of all other files and is what nodes compare:", "",
      "    \(bundle.digest.hex)", "",
    ]
    markdown = lines.joined(separator: "\n")
  }

  private static func introduction(_ description: ModelDescription) -> [String] {
    let labels = description.classLabels
    let shape = description.inputShape
    let classes =
      labels.count <= 12 ? labels.joined(separator: ", ") : "\(labels.prefix(5).joined(separator: ", ")), …"
    return [
      "A mixture of \(description.expertCount) experts on a \(description.backbone.title) backbone, for "
        + "\(shape.width) x \(shape.height) pictures of \(labels.count) classes (\(classes)). The base station runs backbone "
        + "and gate; each edge host runs one expert on \(description.latentCount) latents that reach it over a radio link"
        + (description.backbone.hasHead
          ? " and answers with \(description.outputCount) features, of which the base station's head h, a linear layer, makes "
            + "class scores" : "")
        + ". Trained by the recipe `\(description.recipe)`.", "",
    ] + experts(description)
  }

  /// Where experts are not all of Table I's shape.
  private static func experts(_ description: ModelDescription) -> [String] {
    guard description.expertHiddenWidths != nil else { return [] }
    return ["The experts are not alike:", ""]
      + Markdown.table(
        ["expert", "layers", "multiply-adds"],
        description.expertMultiplyAdds.enumerated().map { k, count in
          ["\(k)", description.expertWidths(k).map(String.init).joined(separator: "-"), ProgressMeter.grouped(count)]
        })
  }

  private static func use(_ description: ModelDescription) -> [String] {
    let gates = GateKind.allCases.filter { description.digests[ModelPart.gate($0).file] != nil }
    return [
      "## Use", "", "Research and demonstration of distributed inference over unreliable links:", "", "```sh",
      "moe-expert --model Models/\(description.name) --expert 0 --listen HOST:PORT   # one process an expert",
      "moe-bs --model Models/\(description.name) --listen HOST:PORT --expert HOST:PORT …", "```", "",
      "Gates: \(gates.map { "`\($0.rawValue)`" }.joined(separator: ", ")), beside `best-snr` and `random`. Several answers "
        + "are combined as \(mix(description)). Digital links: "
        + "\(description.latentTable == nil ? "no" : "yes").", "",
    ]
  }

  /// How the answers o_k become one.
  private static func mix(_ description: ModelDescription) -> String {
    let scores = description.backbone.hasHead ? "h(o_k)" : "o_k"
    return switch description.combination {
    case .probabilities: "Σ w_k softmax(\(scores))"
    case .logits: "Σ w_k \(scores)"
    }
  }

  private static func training(_ description: ModelDescription, _ record: TrainingRecord) -> [String] {
    let data = record.dataset == "folder" ? "a folder of pictures" : record.dataset.uppercased()
    var lines = [
      "## Training", "",
      "\(data): \(ProgressMeter.grouped(record.trainingImages)) images to train on and "
        + "\(ProgressMeter.grouped(record.validationImages)) to choose epochs by; test images had no part in it. Digest of these images, whatever their order: `\(record.dataDigest.hex)`.",
      "",
    ]
    var rows: [[String]] = []
    let stages = [("stage 1", record.stage1), ("stage 2", record.stage2)]
    for (name, stage) in stages {
      guard let stage else { continue }
      rows.append(
        [name, "\(stage.seed)", "\(stage.chosenEpoch) of \(stage.epochs)", settings(stage.hyperparameters)])
    }
    lines += Markdown.table(["", "seed", "epoch kept", "settings"], rows)
    return lines
  }

  private static func settings(_ settings: [String: TrainingRecord.Setting]) -> String {
    settings.filter { $0.key != "seed" && $0.key != "epochs" }.sorted { $0.key < $1.key }.map { name, setting in
      let value =
        switch setting {
        case .number(let number): String(format: "%.6g", number)
        case .text(let text): text
        case .flag(let flag): flag ? "yes" : "no"
        }
      return "\(name) \(value)"
    }.joined(separator: ", ")
  }

  private static func accuracy(_ network: Table2.Network, _ study: Study, _ table: Table2) -> [String] {
    guard let condition = table.plan.conditions.first else { return [] }
    var rows = [["ideal", "base", Markdown.number(study.clean.baseAccuracy), Markdown.number(network.published.base)]]
    for link in condition.links {
      for gate in condition.gates {
        guard let row = study.row(gate, over: link, under: condition.law) else { continue }
        rows.append(
          [
            link.title, gate.rawValue, Markdown.spread(row.accuracies),
            network.published.accuracy(gate, over: link).map(Markdown.number) ?? "",
          ])
      }
    }
    return [
      "## Accuracy", "",
      "\(ProgressMeter.grouped(study.images)) test images of \(network.dataset.title), one expert an image, Rayleigh links with SNR ~ "
        + "\(condition.law.name); per cent right, mean over channel seeds "
        + "\(study.channelSeeds.map(String.init).joined(separator: ", ")) (lowest to highest). Made by `\(table.command)`; "
        + "more in [RESULTS.md](../../RESULTS.md).", "",
    ] + Markdown.table(["links", "gate", "this model", "the paper"], grouping: 1, rows)
  }

  private static func limits(_ description: ModelDescription) -> [String] {
    [
      "## Limits", "",
      "- Pictures of anything else than its classes get one of its classes all the same; probabilities are not calibrated.",
      "- Pictures are scaled to \(description.inputShape.width) x \(description.inputShape.height) pixels: small things are lost.",
      "- Links are simulated, by the channel models of the module `Radio`; none has been measured over the air.",
      "- Not for decisions about people, and nothing that safety depends on.", "",
    ]
  }

  private static func credits(_ description: ModelDescription) -> [String] {
    let cifar =
      "CIFAR was collected by Alex Krizhevsky, Vinod Nair and Geoffrey Hinton (*Learning Multiple Layers of Features from Tiny "
      + "Images*, Alex Krizhevsky, 2009; <https://www.cs.toronto.edu/~kriz/cifar.html>), from pictures of the World Wide Web; its "
      + "page states no licence, and none of its pictures is part of this model. "
    let isCIFAR = description.training?.dataset.hasPrefix("cifar") ?? false
    return [
      "## Credits", "",
      (isCIFAR ? cifar : "")
        + "The system follows *Mixture-of-Experts for Distributed Edge Computing with Channel-Aware Gating Function* (Song, Jing, "
        + "Zhang, Zhang, Huang).", "",
    ]
  }

  /// Writes the card into the model's folder.
  package func write(to folder: String) throws(TrainingError) {
    try storeFile(markdown, at: "\(folder)/\(Self.file)")
  }
}
