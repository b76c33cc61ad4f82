import Foundation
import MixtureOfExperts
import Testing

/// A user's pictures become a model: both stages by `moe-train`, from a folder with a sub-folder for each class.
@Suite(.serialized) struct OwnClassesTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("moe-own-\(UUID().uuidString)")

  /// Grey and coloured pictures of various sizes, bright at the top, the bottom or nowhere.
  private func writePictures() throws {
    for (label, name) in ["bottom half", "none", "top"].enumerated() {
      let place = folder.appendingPathComponent("pictures/\(name)")
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for number in 0..<16 {
        let (width, height, channels) = (20 + 7 * (number % 5), 15 + 11 * (number % 4), number % 3 == 0 ? 1 : 3)
        var bytes = Data("P\(channels == 1 ? 5 : 6)\n\(width) \(height)\n255\n".utf8)
        for row in 0..<height {
          let isBright = label == 0 ? row >= height / 2 : label == 2 && row < height / 2
          for column in 0..<width * channels {
            bytes.append(UInt8((isBright ? 200 : 40) + (row * 7 + column * 3 + number) % 30))
          }
        }
        try bytes.write(to: place.appendingPathComponent("\(number).\(channels == 1 ? "pgm" : "ppm")"))
      }
      try Data("not a picture".utf8).write(to: place.appendingPathComponent("notes.txt"))
    }
  }

  private let recipe = """
    {
      "name": "own", "backbone": "lenet5", "expertCount": 2, "combination": "probabilities",
      "stage1": {
        "seed": 1, "epochs": 6, "batchSize": 8,
        "optimiser": { "kind": "adamw", "peakLearningRate": 0.004, "weightDecay": 0 },
        "balanceWeight": 1, "gatedExpertWeight": 1, "meanExpertWeight": 0.5, "downShare": 0, "labelSmoothing": 0,
        "copiesOneExpert": false, "averageDecay": 0.9,
        "augmentation": { "padding": 1, "border": "reflected", "flips": true, "cutout": 0 }
      },
      "stage2": {
        "seed": 1, "epochs": 2, "batchSize": 8,
        "optimiser": { "kind": "adamw", "peakLearningRate": 0.004, "weightDecay": 0 },
        "balanceWeight": 0, "mixing": "probabilities", "snrLaws": [{ "meanDB": 30, "stdDB": 20, "share": 1 }],
        "digitalShare": 0, "messageBits": 400, "downShare": 0, "augmentedViews": 0,
        "linkEncoding": "decibels", "seesDeliveryOdds": false, "standardisesLatents": true
      }
    }
    """

  private func train(
    _ stage: String, _ options: [String] = [], model: String = "model", run: String? = nil, succeeds: Bool = true
  ) throws -> (output: String, errors: String) {
    let process = try ChildProcess(
      "moe-train",
      [
        stage, "--recipe", folder.path + "/recipe.json", "--dataset", "folder", "--data", folder.path + "/pictures",
        "--model", "\(folder.path)/\(model)", "--run", "\(folder.path)/\(run ?? stage)",
      ] + options, in: folder)
    let (status, output) = try process.finish(within: 60)
    #expect((status == 0) == succeeds, "\(process.standardError)")
    return (output, process.standardError)
  }

  @Test func `pictures of any size and colour train a model that knows its classes by their folders' names`() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try writePictures()
    try Data(recipe.utf8).write(to: folder.appendingPathComponent("recipe.json"))

    let first = try train("stage1")
    #expect(first.output.isEmpty)
    #expect(first.errors.contains("44 images in 3 classes, 4 others to choose by"))
    #expect(first.errors.contains("16 images can be learnt by heart"))
    #expect(first.errors.contains("\n    6/6  "))
    #expect(!first.errors.contains("\u{1B}") && !first.errors.contains("\r"), "progress lines on a pipe")
    let fewer = try train("stage2", ["--limit", "44"], succeeds: false)
    #expect(
      fewer.errors.contains("--data: expected the images that stage 1 of model model saw, folder, digest "),
      "\(fewer.errors)")
    let second = try train("stage2", ["--json"])
    let lines = second.output.split(separator: "\n")
    #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix(#"{"stage":"stage2","epoch":"#) })
    #expect(try String(contentsOfFile: folder.path + "/stage2/metrics.jsonl", encoding: .utf8) == second.output)

    let model = try ModelBundle.loadAll(folder.path + "/model")
    #expect(model.description.classLabels == ["bottom half", "none", "top"])
    #expect(model.description.outputCount == 3 && model.gates.count == 3)
    #expect(try #require(model.description.training?.stage1?.validation["base_accuracy"]) > 60)

    let run = folder.path + "/long"
    let long = try ChildProcess(
      "moe-train",
      [
        "stage1", "--recipe", folder.path + "/recipe.json", "--dataset", "folder", "--data", folder.path + "/pictures",
        "--model", folder.path + "/never", "--run", run, "--epochs", "10000",
      ], in: folder)
    try long.waitForLog("1/10000")
    long.send(SIGINT)
    #expect(try long.finish(within: 20).status == 130)
    #expect(long.standardError.contains("interrupted: the checkpoint in \(run) goes on from here"))
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/never"))

    let again = try train("stage1")
    #expect(again.errors.contains("epochs  6 epochs of 5 steps; is done already"), "\(again.errors)")

    _ = try train("stage1", ["--best-so-far"], model: "best")
    let best = try ModelBundle(folder: folder.path + "/best").description
    #expect(best.weightsDigest == model.description.weightsDigest, "what the run has chosen, not trained any further")
    let nothing = try train("stage1", ["--best-so-far"], model: "none", run: "other", succeeds: false)
    #expect(nothing.errors.contains("no checkpoint of a finished epoch is there"), "\(nothing.errors)")

    let onward = try train("stage1", ["--backbone-of", folder.path + "/model"], model: "onward", run: "onward")
    #expect(onward.errors.contains("trains  lenet5 of model, gate and 2 experts"), "\(onward.errors)")
  }
}
