import Foundation

/// RESULTS.md: every experiment's results that lie under a folder, in one document.
package struct ResultsPage: Sendable {
  package static let file = "RESULTS.md"

  package let markdown: String

  /// - Parameter root: the folder of `Results`.
  package init(root: String) throws(TrainingError) {
    let sections = [
      try Table2.read("table2", under: root)?.markdown,
      try GateCurves.read("fig3", under: root)?.markdown,
      try GateCurves.read("fig4", under: root)?.markdown,
      try GateCurves.read("fig5", under: root)?.markdown,
      try ExpertCounts.read("fig6", under: root)?.markdown,
      try Laws.read("laws", under: root)?.markdown,
      try Tradeoff.read("tradeoff", under: root)?.markdown,
      try Heterogeneous.read("heterogeneous", under: root)?.markdown,
      try Ablation.read("ablation", under: root)?.markdown,
    ].compactMap(\.self)
    markdown =
      """
      # Results

      Each section is made by the command that stands under its heading, from the configuration of that name in
      `scripts/experiments`, and told from the JSON file beside its picture; `data` is the folder of `cifar-10-batches-bin`.
      `paper` is training by the paper's equations to the letter, `robust` what we recommend, `replicas` the simple rival: one
      network trained alone and copied eight times, so that the best link is the best choice ([PAPER.md](PAPER.md)). The
      links beside theory are in [Results/links](Results/links).


      """ + sections.joined(separator: "\n")
  }

  package func write(under root: String) throws(TrainingError) {
    try storeFile(markdown, at: "\(root)/\(Self.file)")
  }
}
