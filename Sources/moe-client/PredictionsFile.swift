import Datasets
import Foundation
import InferenceClient

/// One JSON object an image: the file that `--predictions` names.
struct PredictionsFile {
  private let report: Evaluation.Report

  init(_ report: Evaluation.Report) { self.report = report }

  func write(to path: String) throws {
    let text = report.predictions.map { PredictionLine($0).json + "\n" }.joined()
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw failure("--predictions: \(path) cannot be written: \(error.localizedDescription)")
    }
  }
}

extension PredictionLine {
  fileprivate init(_ prediction: Evaluation.Prediction) {
    let classification = try? prediction.outcome.get()
    self.init(
      index: prediction.index, label: prediction.label, classIndex: classification?.classIndex,
      probability: classification?.probability, expert: classification?.leadingExpert?.expert,
      block: classification?.block, snrDB: classification?.leadingExpert?.snrDB)
  }
}
