import Foundation

/// RESULTS.md: every experiment's results that lie under a folder, in one document, with what people have to say of them.
package struct ResultsPage: Sendable {
  package static let file = "RESULTS.md"

  /// In the page's order.
  package let experiments: [any Experiment]
  package let markdown: String

  /// - Parameter root: the folder of `Results`.
  package init(root: String) throws(TrainingError) {
    let table = try Table2.read("table2", under: root)
    let all: [(any Experiment)?] = [
      table, try GateCurves.read("fig3", under: root), try GateCurves.read("fig4", under: root),
      try GateCurves.read("fig5", under: root), try ExpertCounts.read("fig6", under: root),
      try Laws.read("laws", under: root), try Tradeoff.read("tradeoff", under: root),
      try Heterogeneous.read("heterogeneous", under: root), try Ablation.read("ablation", under: root),
    ]
    experiments = all.compactMap(\.self)
    var parts = [Self.opening] + (table.map { [$0.summary.joined(separator: "\n")] } ?? [])
    parts += try Self.discussion(under: "\(root)/Results").map { [$0] } ?? []
    parts += experiments.isEmpty ? [] : [Self.contents(experiments)]
    for results in experiments {
      parts += [results.markdown] + (try Self.discussion(under: "\(root)/Results/\(results.name)").map { [$0] } ?? [])
    }
    markdown = parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static let opening = """
    # Results

    Each section is made by the command that stands under its heading, from the configuration of that name in
    `scripts/experiments`, and told from the JSON file beside its picture; `data` is the folder that holds
    `cifar-10-batches-bin` and, for the ViT, `cifar-100-binary`. `paper` is training by the paper's equations to the letter,
    `robust` what we recommend, `replicas` the simple rival: one network trained alone and copied eight times, so that the best
    link is the best choice ([PAPER.md](PAPER.md)). For ResNet-18 and the ViT `paper` and `replicas` keep the backbone of
    `robust` and train what comes after it. Each model is one
    training unless a section says otherwise; spreads are over channel seeds. A recipe gives the same weights again bit for bit
    with the same version of the program on the same type of processor; otherwise they differ as those of another seed do.
    (Stage 1 of `resnet18-cifar10-k8-robust` is by an earlier version.) `lenet5-cifar10-k8-robust` is the training of seed 3, the
    best on validation of the trade-off's three. The links beside theory are in [Results/links](Results/links).

    """

  /// What people have to say of an experiment, or of all: a folder's `discussion.md`, where there is one.
  private static func discussion(under folder: String) throws(TrainingError) -> String? {
    let path = "\(folder)/discussion.md"
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    guard let text = String(data: data, encoding: .utf8) else { throw .file(path: path, reason: "is no UTF-8 text") }
    return text
  }

  /// A link to each section; its anchor is the heading in small letters without punctuation, hyphens for spaces, as GitHub
  /// makes it.
  private static func contents(_ experiments: [any Experiment]) -> String {
    let links = experiments.map { results in
      let anchor = results.title.lowercased().filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" }
      return "- [\(results.title)](#\(anchor.replacingOccurrences(of: " ", with: "-")))"
    }
    return "Sections:\n\n" + links.joined(separator: "\n") + "\n"
  }

  package func write(under root: String) throws(TrainingError) {
    try storeFile(markdown, at: "\(root)/\(Self.file)")
  }
}
