import Foundation
import Layers
import MixtureOfExperts
import Radio
import Testing
import Training

/// Fig. 6, on a small data set of pictures.
@Suite struct ExpertCountsTests {
  private let law = Law(meanDB: 8, stdDB: 5)

  private func text(_ folder: String, changes: String, source: String = "small") -> String {
    """
    { "title": "Six", "dataset": "folder", "recipe": "\(folder)/recipe.json", "changes": \(changes),
      "backboneOf": "\(source)", "expertCounts": [2, 4], "seeds": [2, 3],
      "plan": { "channelSeeds": [1, 2], "conditions": [
        { "law": { "meanDB": 8, "stdDB": 5 }, "links": ["analog", "digital-raw"],
          "gates": ["channel-aware", "best-snr", "naive", "random"], "topK": [1] }
      ] } }
    """
  }

  private let keeping = #"{ "stage1": { "frozenBackboneViews": 1, "epochs": 2 }, "stage2": { "epochs": 1 } }"#
  private let tuning = #"{ "stage1": { "epochs": 1 }, "stage2": { "epochs": 1 } }"#

  private func setting(_ folder: String, changes: String, source: String = "small") throws -> ExpertCounts.Configuration
  {
    try configuration(
      text(folder, changes: changes, source: source), in: folder, as: ExpertCounts.Configuration.self)
  }

  /// The models that the second stages have made.
  private func models(in folder: String) throws -> [MixtureModel] {
    let trained = folder + "/runs/trained"
    return try FileManager.default.contentsOfDirectory(atPath: trained).filter { $0.contains("stage2") }.sorted()
      .map { try ModelBundle.loadAll("\(trained)/\($0)/model") }
  }

  @Test func `experts and gates are trained for every number on the backbone that is kept, and nothing is done twice`()
    throws
  {
    try withData { folder, surroundings in
      try storeModel("small", in: folder)
      let setting = try setting(folder, changes: keeping)
      #expect(throws: TrainingError.interrupted) {
        try ExpertCounts(setting, in: surroundings.interrupted(at: 12))
      }
      let figure = try ExpertCounts(setting, in: surroundings)
      // Everything is kept: there is no step left that could be interrupted.
      let kept = try ExpertCounts(setting, in: surroundings.interrupted())
      #expect(kept.json == figure.json)

      #expect(figure.points.map(\.expertCount) == [2, 4])
      #expect(figure.points.map { $0.studies.map(\.clean.expertAccuracies.count) } == [[2, 2], [4, 4]])
      #expect(figure.points.allSatisfy { $0.seconds.count == 2 && $0.seconds.allSatisfy { $0 > 0 } })
      for study in figure.points.flatMap(\.studies) {
        #expect(study.rows.count == 2 * 4)
        for link in [StudyLink.analog, .digitalOnce] {
          let (aware, naive) = (
            try #require(study.row(.channelAware, over: link, under: law)),
            try #require(study.row(.policy(.naive), over: link, under: law))
          )
          let lead = try #require(study.comparison(with: "naive", over: link, under: law))
          #expect(abs(lead.mean - (aware.accuracy.mean - naive.accuracy.mean)) < 1e-9)
        }
      }
      let source = try ModelBundle.loadAll(folder + "/runs/models/small").backbone.namedTensors.map(\.value)
      let models = try models(in: folder)
      #expect(models.map(\.experts.count).sorted() == [2, 2, 4, 4])
      for model in models { #expect(model.backbone.namedTensors.map(\.value) == source) }
      // One view for each seed, the images as they are, those to choose by and those of the test: whatever the number of experts.
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/runs/latents").count == 2 + 3)
    }
  }

  @Test func `a backbone may be trained on, and the text says which it is`() throws {
    try withData { folder, surroundings in
      try storeModel("small", in: folder)
      let tuned = try ExpertCounts(setting(folder, changes: tuning), in: surroundings)
      #expect(tuned.fineTuningEpochs == 1)
      #expect(tuned.markdown.contains("The backbone of `small` is trained on with them for 1 epoch."))
      let source = try ModelBundle.loadAll(folder + "/runs/models/small").backbone.namedTensors.map(\.value)
      for model in try models(in: folder) { #expect(model.backbone.namedTensors.map(\.value) != source) }
      #expect(!FileManager.default.fileExists(atPath: folder + "/runs/latents"))

      let kept = try ExpertCounts(setting(folder, changes: keeping), in: surroundings)
      #expect(kept.markdown.contains("The backbone is that of `small`, kept as it is"))
      #expect(kept.markdown.contains("| analog | 2 | ") && kept.markdown.contains("against naive"))
      #expect(kept.csv.split(separator: "\n").count == 1 + 2 * 2 * 2 * 4)
      let script = try #require(kept.plot(output: folder + "/fig6.svg"))
      #expect(script.contains("'random'") && script.contains("set xtics (2, 4)"))
      try Gnuplot.installed?.draw(script, to: folder + "/fig6.svg")
      #expect(try kept.write(under: folder, gnuplot: nil) == false)
      #expect(try #require(try ExpertCounts.read("fig6", under: folder)).markdown == kept.markdown)
      #expect(try ResultsPage(root: folder).markdown.contains(kept.markdown))
    }
  }

  @Test func `what cannot be is told before anything is trained`() throws {
    try withData { folder, surroundings in
      func complaint(_ old: String, _ new: String) -> String {
        do {
          let text = text(folder, changes: keeping).replacing(old, with: new)
          _ = try ExpertCounts(
            configuration(text, in: folder, as: ExpertCounts.Configuration.self), in: surroundings)
          return ""
        } catch { return "\(error)" }
      }
      #expect(complaint("", "").contains("small: no such model"))
      try storeModel("small", in: folder)
      #expect(
        complaint("\"seeds\": [2, 3]", "\"seeds\": [2, 1]")
          .contains("seeds: expected others than 1, from which small was trained, received 1"))
      #expect(complaint("[2, 4]", "[2, 2]").contains("expertCounts: expected each once"))
      #expect(complaint("[2, 4]", "[2, 65]").contains("expertCounts: expected 1 to 64, received 65"))
      #expect(complaint("\"seeds\": [2, 3]", "\"seeds\": []").contains("seeds: expected some, received none"))
      #expect(
        complaint("\"frozenBackboneViews\": 1", "\"frozenViews\": 1").contains("stage1.frozenViews: no such field"))
      #expect(
        complaint("{ \"stage1\": {", "{ \"expertHiddenWidths\": [[], [], []], \"stage1\": {")
          .contains("expertHiddenWidths: expected 2 lists, one an expert, received 3"))
      #expect(!FileManager.default.fileExists(atPath: folder + "/runs/trained"))
    }
  }
}
