import Foundation
import InferenceClient

/// One JSON object an image: the file that `--predictions` names, of the same form as `moe-train evaluate` writes.
struct PredictionsFile {
  private let report: Evaluation.Report

  init(_ report: Evaluation.Report) { self.report = report }

  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var lines = Data()
    for prediction in report.predictions {
      lines.append(try encoder.encode(Line(prediction)))
      lines.append(UInt8(ascii: "\n"))
    }
    do {
      try lines.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw failure("--predictions: \(path) cannot be written: \(error.localizedDescription)")
    }
  }

  private struct Line: Encodable {
    let index: Int
    let label: Int
    let `class`: Nullable<Int>
    let probability: Nullable<Float>
    let expert: Nullable<Int>
    let block: Nullable<UInt64>
    let snr_db: Nullable<Float>

    init(_ prediction: Evaluation.Prediction) {
      let classification = try? prediction.outcome.get()
      index = prediction.index
      label = prediction.label
      `class` = Nullable(classification?.classIndex)
      probability = Nullable(classification?.probability)
      expert = Nullable(classification?.leadingExpert?.expert)
      block = Nullable(classification?.block)
      snr_db = Nullable(classification?.leadingExpert?.snrDB)
    }
  }
}
