package import Digests
import Foundation
import Layers

/// A training run's state on disk: one safetensors file, replaced in one step.
package struct Checkpoint: Codable, Hashable, Sendable {
  package static let file = "checkpoint.safetensors"
  private static let key = "run"

  package var stage: String
  /// Digest of everything that determines the run; a run resumes only under the same.
  package var fingerprint: SHA256Digest
  /// Steps done.
  package var step = 0
  /// Sum of the losses of the current epoch's steps.
  package var epochLoss = 0.0
  package var best: [String: BestEpoch] = [:]
  /// The lines of the metrics file so far.
  package var metrics: [String] = []
  /// How long the current epoch's steps took; nil before the first of them.
  package var pace: Pace?

  package struct Pace: Codable, Hashable, Sendable {
    var images = 0
    var seconds = 0.0
  }

  package init(stage: String, fingerprint: SHA256Digest) {
    self.stage = stage
    self.fingerprint = fingerprint
  }

  /// Counts a step's images and time into the current epoch's pace.
  mutating func count(images: Int, seconds: Double) {
    var pace = pace ?? Pace()
    pace.images += images
    pace.seconds += seconds
    self.pace = pace
  }

  package func write(_ stage: some TrainingStage, to folder: String) throws(TrainingError) {
    do {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      let run = String(decoding: try encoder.encode(self), as: UTF8.self)
      try Safetensors(stage.tensors, metadata: [Self.key: run]).write(to: folder + "/" + Self.file)
    } catch {
      throw .unwritable(path: folder, reason: "\(error)")
    }
  }

  /// The folder's checkpoint, and with it the stage's state; nil if there is none.
  ///
  /// - Throws: `checkpoint` if it belongs to another run or cannot be read.
  package static func read(
    from folder: String, into stage: inout some TrainingStage, fingerprint: SHA256Digest
  ) throws(TrainingError) -> Checkpoint? {
    let path = folder + "/" + file
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    do {
      let file = try Safetensors.read(path)
      guard let run = file.metadata[key] else {
        throw TrainingError.checkpoint(path: path, reason: "not a checkpoint of a training run")
      }
      let checkpoint = try JSONDecoder().decode(Checkpoint.self, from: Data(run.utf8))
      guard checkpoint.fingerprint == fingerprint else {
        throw TrainingError.checkpoint(
          path: path,
          reason: "belongs to another recipe, seed, model or data set; --restart, or removing it, discards it")
      }
      try stage.restore(file)
      stage.best = checkpoint.best
      return checkpoint
    } catch let error as TrainingError {
      throw error
    } catch {
      throw .checkpoint(path: path, reason: "cannot be read: \(error)")
    }
  }
}
