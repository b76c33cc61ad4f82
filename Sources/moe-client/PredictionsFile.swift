import ArgumentParser
import Datasets
import Foundation
import InferenceClient

/// One JSON object an image: the file that `--predictions` names.
struct PredictionsFile {
  private let path: String

  /// - Throws: where no file can be written, before there is anything to lose.
  init(at path: String) throws {
    self.path = path
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw unwritable(String(cString: strerror(EISDIR)))
    }
    guard access(folder, W_OK | X_OK) == 0 else { throw unwritable(String(cString: strerror(errno))) }
  }

  func write(_ report: Evaluation.Report) throws {
    let text = report.predictions.map { PredictionLine($0).json + "\n" }.joined()
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw unwritable(error.localizedDescription)
    }
  }

  private func unwritable(_ reason: String) -> ExitCode {
    failure("--predictions: \(path) cannot be written: \(reason)")
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
