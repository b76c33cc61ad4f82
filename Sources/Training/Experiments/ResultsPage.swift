import Foundation

/// RESULTS.md: every experiment's results that lie under a folder, in one document, with what people have to say of them.
package struct ResultsPage: Sendable {
  package static let file = "RESULTS.md"

  package let markdown: String

  /// - Parameter root: the folder of `Results`.
  package init(root: String) throws(TrainingError) {
    let table = try Table2.read("table2", under: root)
    let sections = [
      try Self.section(table, under: root),
      try Self.section(GateCurves.read("fig3", under: root), under: root),
      try Self.section(GateCurves.read("fig4", under: root), under: root),
      try Self.section(GateCurves.read("fig5", under: root), under: root),
      try Self.section(ExpertCounts.read("fig6", under: root), under: root),
      try Self.section(Laws.read("laws", under: root), under: root),
      try Self.section(Tradeoff.read("tradeoff", under: root), under: root),
      try Self.section(Heterogeneous.read("heterogeneous", under: root), under: root),
      try Self.section(Ablation.read("ablation", under: root), under: root),
    ].compactMap(\.self)
    let opening = (table?.summary ?? []).joined(separator: "\n")
    markdown =
      """
      # Results

      Each section is made by the command that stands under its heading, from the configuration of that name in
      `scripts/experiments`, and told from the JSON file beside its picture; `data` is the folder of `cifar-10-batches-bin`.
      `paper` is training by the paper's equations to the letter, `robust` what we recommend, `replicas` the simple rival: one
      network trained alone and copied eight times, so that the best link is the best choice ([PAPER.md](PAPER.md)). The
      links beside theory are in [Results/links](Results/links).


      """ + ([opening] + sections).filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// An experiment's section, then what people have to say of it: `Results/<experiment>/discussion.md`, where there is one.
  private static func section(_ results: (some Experiment)?, under root: String) throws(TrainingError) -> String? {
    guard let results else { return nil }
    let path = "\(root)/Results/\(results.name)/discussion.md"
    guard let data = FileManager.default.contents(atPath: path) else { return results.markdown }
    guard let discussion = String(data: data, encoding: .utf8) else {
      throw .file(path: path, reason: "is no UTF-8 text")
    }
    return results.markdown + "\n" + discussion
  }

  package func write(under root: String) throws(TrainingError) {
    try storeFile(markdown, at: "\(root)/\(Self.file)")
  }
}
