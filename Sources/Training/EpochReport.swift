import Foundation

/// A finished epoch in figures.
package struct EpochReport: Sendable {
  package let stage: String
  /// 1, 2, …
  package let epoch: Int
  package let epochs: Int
  /// `loss` (the mean over the steps), `learning_rate` (of the last step), `images_per_second` (trained on), `seconds`
  /// (with validation), and what the stage measures on the validation images.
  package let figures: [String: Double]

  package init(stage: String, epoch: Int, epochs: Int, figures: [String: Double]) {
    self.stage = stage
    self.epoch = epoch
    self.epochs = epochs
    self.figures = figures
  }

  /// The epoch's line of the metrics file, JSON.
  package var line: String {
    let values = figures.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\(String(format: "%.6g", $0.value))" }
    return "{\"stage\":\"\(stage)\",\"epoch\":\(epoch),\(values.joined(separator: ","))}"
  }
}

/// A run's epochs as a table for people, written row by row.
package struct EpochTable: Sendable {
  /// A figure of a stage's own, between loss and learning rate.
  package struct Column: Sendable, Hashable {
    package let head: String
    package let figure: String

    package init(_ head: String, _ figure: String) {
      self.head = head
      self.figure = figure
    }
  }

  private static let leastWidth = 7
  private let columns: [Column]

  package init(_ columns: [Column]) { self.columns = columns }

  package var head: String {
    row(["epoch", "loss"] + columns.map(\.head) + ["rate", "img/s", "time"])
  }

  package func row(_ report: EpochReport) -> String {
    func figure(_ name: String, _ format: String) -> String {
      report.figures[name].map { String(format: format, $0) } ?? ""
    }
    let time = report.figures["seconds"].map(ProgressMeter.duration) ?? ""
    return row(
      ["\(report.epoch)/\(report.epochs)", figure("loss", "%.4f")] + columns.map { figure($0.figure, "%.2f") }
        + [figure("learning_rate", "%.2g"), figure("images_per_second", "%.0f"), time])
  }

  private func row(_ cells: [String]) -> String {
    let heads = ["epoch", "loss"] + columns.map(\.head) + ["rate", "img/s", "time"]
    return zip(cells, heads).map { cell, head in
      String(repeating: " ", count: max(0, max(Self.leastWidth, head.count) - cell.count)) + cell
    }.joined(separator: "  ")
  }
}
