import Datasets
import Foundation
import MixtureOfExperts
import Synchronization
import Training

/// The names of the models under Models/.
let shippedModels =
  ((try? FileManager.default.contentsOfDirectory(atPath: projectRoot + "/Models")) ?? [])
  .filter { FileManager.default.fileExists(atPath: "\(projectRoot)/Models/\($0)/model.json") }.sorted()

func configuration<File: StrictFile>(_ text: String, in folder: String, as type: File.Type) throws -> File {
  let path = folder + "/configuration.json"
  try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  return try File(path: path)
}

/// Pictures to train and test on under `data/train` and `data/test`, the small recipe beside them.
func withData(_ body: (_ folder: String, Surroundings) throws -> Void) throws {
  try withScratchFolder { folder in
    try write(squares(160), to: folder + "/data/train")
    try write(squares(160, seed: 8), to: folder + "/data/test")
    try JSONEncoder().encode(smallRecipe()).write(to: URL(fileURLWithPath: folder + "/recipe.json"))
    try body(
      folder,
      Surroundings(data: folder + "/data", runs: folder + "/runs", models: folder + "/none", command: "command"))
  }
}

extension Surroundings {
  /// The same, with the end asked for at one question whether it is, or at every one.
  func interrupted(at question: Int? = nil) -> Surroundings {
    let questions = Mutex(0)
    return Surroundings(data: data, limit: limit, runs: runs, models: models, command: command) {
      questions.withLock {
        $0 += 1
        return question.map { [count = $0] in $0 == count } ?? true
      }
    }
  }
}

/// A model with all its gates, `<runs>/models/<name>`.
func storeModel(_ name: String, in folder: String, epochs: Int = 1) throws {
  let images = try ImageSet.load(.folder, .training, in: folder + "/data/train")
  let data = try TrainingData(images)
  var recipe = try smallRecipe()
  recipe.stage2.epochs = epochs
  let first = try Stage1(recipe, data: data).model(named: name, dataset: "folder")
  var stage = try Stage2(recipe, model: first, data: data)
  _ = try TrainingRun(folder: nil, fingerprint: anyFingerprint)(
    &stage, observer: Recorder(), isInterrupted: { false })
  try FileManager.default.createDirectory(atPath: folder + "/runs/models", withIntermediateDirectories: true)
  try ModelBundle.write(stage.finishedModel(), to: folder + "/runs/models/\(name)")
}
