import Datasets
import Foundation
import MixtureOfExperts
import Radio
import Testing
import Training

/// Experiments from configuration to results, on a small data set of pictures.
@Suite struct ExperimentTests {
  private let published = """
    { "base": 70, "analog": { "naive": 60, "channelAware": 65 }, "digital": { "naive": 50, "channelAware": 55 } }
    """
  private let plan = """
    {
      "channelSeeds": [1, 2],
      "conditions": [
        { "law": { "meanDB": 8, "stdDB": 5 }, "links": ["analog", "digital-raw"],
          "gates": ["channel-aware", "best-snr", "naive", "oracle"], "topK": [1, 2] }
      ]
    }
    """

  // MARK: Table II

  private func table(_ models: String) -> String {
    """
    { "title": "Two, in all", "plan": \(plan),
      "networks": [
        { "name": "LeNet-5", "dataset": "folder", "published": \(published), "models": [\(models)],
          "baseline": "other" }
      ] }
    """
  }

  @Test func `a table has what was measured, says what is missing, and reads back as it was written`() throws {
    try withData { folder, surroundings in
      try storeModel("small", in: folder)
      try storeModel("rival", in: folder)
      let models = """
        { "recipe": "robust", "bundle": "small" }, { "recipe": "other", "bundle": "rival" },
        { "recipe": "absent", "bundle": "nowhere" }
        """
      let setting = try configuration(table(models), in: folder, as: Table2.Configuration.self)
      #expect(throws: TrainingError.interrupted) { try Table2(setting, in: surroundings.interrupted(at: 2)) }
      let table = try Table2(setting, in: surroundings)
      let studies = table.networks[0].columns.map(\.study)
      #expect(studies.map { $0 == nil } == [false, false, true])
      let rowCount = try #require(studies[0]).rows.count
      #expect(rowCount == 2 * (3 * 2 + 1))
      #expect(table.csv.split(separator: "\n").count == 1 + 2 * rowCount)
      let law = Law(meanDB: 8, stdDB: 5)
      #expect(studies[0]?.comparison(with: "best-snr of other", over: .digitalOnce, under: law) != nil)
      #expect(studies[1]?.comparison(with: "best-snr of other", over: .digitalOnce, under: law) == nil)

      let markdown = table.markdown
      #expect(markdown.contains("Missing here: `nowhere`."))
      #expect(markdown.contains("| links | gate | published | `robust` | `other` |"))
      #expect(markdown.contains("| analog | channel-aware | 65.00 | "))
      #expect(markdown.contains("*channel-aware − naive* | +5.00 | "))
      let script = try #require(table.plot(output: "/tmp/o'brien.svg"))
      #expect(script.contains("set output '/tmp/o''brien.svg'") && script.contains("'recipe robust'"))

      #expect(try table.write(under: folder, gnuplot: nil) == false)
      let again = try #require(try Table2.read("table2", under: folder))
      #expect(again.markdown == markdown && again.csv == table.csv)
      #expect(try Table2.read("table3", under: folder) == nil)
      let page = try ResultsPage(root: folder).markdown
      #expect(page.hasPrefix("# Results") && page.contains(markdown))
      // The summary: the published row, then a row for each model that is here.
      let opening = try #require(page.split(separator: "\n## ").first)
      #expect(opening.contains(" | published | ") && opening.contains("|  | `other` | "))
      #expect(!opening.contains("nowhere"))
      #expect(markdown.hasPrefix("## Two, in all\n") && opening.hasSuffix("- [Two, in all](#two-in-all)\n"))

      let discussion = "What people say of it.\n"
      try discussion.write(toFile: folder + "/Results/table2/discussion.md", atomically: true, encoding: .utf8)
      let discussed = page + "\n" + discussion
      #expect(try ResultsPage(root: folder).markdown == discussed)

      let inShort = "What it all comes to.\n"
      try inShort.write(toFile: folder + "/Results/discussion.md", atomically: true, encoding: .utf8)
      let whole = discussed.replacingOccurrences(of: "Sections:\n", with: "\(inShort)\nSections:\n")
      #expect(try ResultsPage(root: folder).markdown == whole)
    }
  }

  @Test func `a configuration that is wrong is told by its field`() throws {
    try withScratchFolder { folder in
      func complaint(_ text: String) -> String {
        do {
          _ = try configuration(text, in: folder, as: Table2.Configuration.self)
          return ""
        } catch { return "\(error)" }
      }
      let model = #"{ "recipe": "other", "bundle": "b" }"#
      #expect(complaint(table(model)) == "")
      #expect(
        complaint(table("")).hasSuffix("networks.0.baseline: expected one of the models' recipes, received other"))
      #expect(complaint(table(model + "," + model)).hasSuffix("networks.0.models: expected each recipe once"))
      #expect(
        complaint(table(model.replacing("bundle", with: "folder"))).hasSuffix(
          "networks.0.models.0.bundle: expected, not there"))
      #expect(
        complaint(table(#"{ "recipe": "other", "bundle": "b", "seed": 1 }"#))
          .hasSuffix("networks.0.models.0.seed: no such field"))
      #expect(
        complaint(table(model).replacing("digital-raw", with: "digital"))
          .hasSuffix(
            "links.1: expected one of ideal, analog, digital-redispatch, digital-erasure, digital-raw, received digital"
          ))
      #expect(
        complaint(table(model).replacing("oracle", with: "wizard")).contains("gates.3: expected one of channel-aware, ")
      )
      #expect(
        complaint(table(model).replacing("[1, 2],", with: "[],"))
          .hasSuffix("plan.channelSeeds: expected some, received none"))
      #expect(
        complaint(table(model).replacing("\"topK\": [1, 2]", with: "\"topK\": [0]"))
          .hasSuffix("plan.conditions.0.topK: expected 1 to 64, received 0"))
      #expect(
        complaint(table(model).replacing("\"stdDB\": 5", with: "\"stdDB\": -1"))
          .hasSuffix("plan.conditions.0.law.stdDB: expected 0.0 to 100.0, received -1.0"))
    }
  }

  // MARK: Laws

  private let laws = """
    { "title": "Laws", "channelSeeds": [1, 2], "links": ["analog"],
      "laws": [
        { "meanDB": 8, "stdDB": 5, "settings": { "fading": "rician", "rician-k": "4" } },
        { "title": "drones", "scenario": "uav", "settings": { "feedback-bits": "2" } }
      ],
      "networks": [
        { "name": "LeNet-5", "dataset": "folder", "bundle": "small" },
        { "name": "LeNet-6", "dataset": "folder", "bundle": "nowhere" }
      ] }
    """

  @Test func `gates are measured under laws that scenarios and their keys make, and read back as they were written`()
    throws
  {
    try withData { folder, surroundings in
      try storeModel("small", in: folder)
      let setting = try configuration(laws, in: folder, as: Laws.Configuration.self)
      // Each law has two runs, and the first of them is kept.
      #expect(throws: TrainingError.interrupted) { try Laws(setting, in: surroundings.interrupted(at: 4)) }
      let result = try Laws(setting, in: surroundings.interrupted(at: 3))
      #expect(result.networks.map(\.bundle) == ["small"])
      let study = try #require(result.networks.first?.study)
      #expect(
        Array(Set(study.rows.map(\.law))).sorted() == [
          "N(8, 5²) dB before fading, fading rician, rician-k 4", "drones",
        ])
      for condition in result.plan.conditions {
        let lead = try #require(study.leadOverRivals(over: .analog, under: condition.law)).difference.mean
        let differences = ["best-snr", "naive"].compactMap {
          study.comparison(with: $0, over: .analog, under: condition.law)?.mean
        }
        #expect(lead == differences.min())
      }
      let links = result.plan.conditions[1].law.configuration(seed: 7)
      #expect(links.seed == 7 && links.fading == .rician(kFactor: 8) && links.feedback.bits == 2)

      #expect(result.markdown.contains("| drones | analog | "))
      #expect(result.csv.split(separator: "\n").count == 1 + 2 * 3)
      #expect(try #require(result.plot(output: "laws.svg")).contains("'drones' 1"))
      #expect(try result.write(under: folder, gnuplot: nil) == false)
      let again = try #require(try Laws.read("laws", under: folder))
      #expect(again.markdown == result.markdown)
    }
  }

  @Test func `one network is measured anew, and the others keep their figures`() throws {
    try withData { folder, surroundings in
      try storeModel("small", in: folder)
      func measured(_ laws: String, only network: String, limit: Int? = nil) throws -> Laws {
        let limited = Surroundings(
          data: surroundings.data, limit: limit, runs: surroundings.runs, models: surroundings.models, command: "")
        return try Laws(
          "laws", configuration(laws, in: folder, as: Laws.Configuration.self), in: limited, only: network,
          keeping: folder)
      }
      func complaint(_ laws: String, only network: String, limit: Int? = nil) -> String {
        do {
          _ = try measured(laws, only: network, limit: limit)
          return ""
        } catch { return "\(error)" }
      }
      #expect(
        complaint(laws, only: "LeNet-7").contains("--network: expected one of LeNet-5, LeNet-6, received LeNet-7"))
      #expect(complaint(laws, only: "LeNet-6").contains("received none in "))
      let first = try Laws(configuration(laws, in: folder, as: Laws.Configuration.self), in: surroundings)
      _ = try first.write(under: folder, gnuplot: nil)
      #expect(
        complaint(laws.replacing("[1, 2]", with: "[1]"), only: "LeNet-6").hasSuffix(
          "another plan's; measure all networks"))
      #expect(
        complaint(laws, only: "LeNet-6", limit: 3).hasSuffix(
          "--limit: expected none, all images, as for the others' figures, received 3"))
      // The first model has gone, the second one is there now.
      try FileManager.default.moveItem(
        atPath: folder + "/runs/models/small", toPath: folder + "/runs/models/nowhere")
      #expect(
        complaint(laws, only: "LeNet-5").hasPrefix(
          "--network: expected every model of LeNet-5 that has figures, received no small in "))
      let second = try measured(laws, only: "LeNet-6")
      #expect(second.networks.map(\.name) == ["LeNet-5", "LeNet-6"])
      #expect(
        second.networks.first?.study.rows.map(\.accuracy.mean) == first.networks.first?.study.rows.map(\.accuracy.mean))
      #expect(second.networks.last?.study.rows.count == first.networks.first?.study.rows.count)
    }
  }

  @Test func `a law that is wrong is told by its key`() throws {
    try withScratchFolder { folder in
      func complaint(_ old: String, _ new: String) -> String {
        do {
          _ = try configuration(laws.replacing(old, with: new), in: folder, as: Laws.Configuration.self)
          return ""
        } catch { return "\(error)" }
      }
      #expect(complaint("", "") == "")
      #expect(complaint("rician-k", "rice").contains("--rice: expected a key of Scenario.keys"))
      #expect(complaint("\"uav\"", "\"moon\"").contains("moon: expected one of paper, indoor-iot"))
      #expect(complaint("\"stdDB\": 5, ", "").contains("expected both of meanDB and stdDB, received one"))
      #expect(complaint("\"feedback-bits\": \"2\"", "\"feedback-bits\": \"9\"").contains("--feedback-bits: expected"))
    }
  }

  // MARK: Figs. 3 and 4

  @Test func `a figure's last point is what an evaluation of the same gates gives, and resumed runs give the same`()
    throws
  {
    try withData { folder, surroundings in
      try storeModel("small", in: folder)
      let text = """
        { "name": "fig3", "title": "Three", "dataset": "folder", "published": \(published),
          "law": { "meanDB": 8, "stdDB": 5 }, "channelSeeds": [1, 2], "epochs": EPOCHS,
          "models": [{ "bundle": "small", "recipe": "\(folder)/recipe.json" }, { "bundle": "nowhere", "recipe": "x" }] }
        """
      func figure(epochs: Int, in surroundings: Surroundings) throws -> GateCurves {
        try GateCurves(
          configuration(
            text.replacing("EPOCHS", with: "\(epochs)"), in: folder, as: GateCurves.Configuration.self),
          in: surroundings)
      }
      // After one epoch there is nothing to choose: the finished model has the very gates of the figure.
      let once = try figure(epochs: 1, in: surroundings)
      let model = try ModelBundle.loadAll(folder + "/runs/models/small")
      let images = try ImageSet.load(.folder, .test, in: folder + "/data/test")
      for curve in once.panels[0].curves {
        for (place, seed) in [UInt64(1), 2].enumerated() {
          var settings = EvaluationSettings(
            link: curve.link.kind, configuration: Law(meanDB: 8, stdDB: 5).configuration(seed: seed))
          settings.gate = try #require(EvaluatedGate(rawValue: curve.gate.rawValue))
          settings.lossRule.policy = .raw
          let accuracy = try 100 * Evaluation(model, settings, images: images).accuracy
          #expect(abs(curve.accuracies[0][place] - accuracy) < 1e-3, "\(curve.gate), \(curve.link)")
        }
      }
      #expect(once.missing == ["nowhere"] && once.markdown.contains("Missing here: `nowhere`."))
      #expect(once.csv.split(separator: "\n").count == 1 + 4)

      try FileManager.default.removeItem(atPath: folder + "/runs/fig3")
      let whole = try figure(epochs: 3, in: surroundings)
      try FileManager.default.removeItem(atPath: folder + "/runs/fig3")
      #expect(throws: TrainingError.interrupted) { try figure(epochs: 3, in: surroundings.interrupted(at: 4)) }
      let resumed = try figure(epochs: 3, in: surroundings)
      #expect(resumed.csv == whole.csv && whole.csv.split(separator: "\n").count == 1 + 12)
      let script = try #require(whole.plot(output: "x.svg"))
      #expect(script.contains("'channel-aware, digital'") && script.contains("'recipe small'"))
    }
  }

  // MARK: The trade-off

  @Test func `a trade-off keeps what is finished, goes on where it was, and tests the chosen variant only`() throws {
    try withData { folder, surroundings in
      let text = """
        { "title": "Trade", "dataset": "folder", "seeds": [1, 2], "epochs": { "stage1": 2, "stage2": 1 }, "plan": \(plan),
          "variants": [
            { "name": "alone", "recipe": "\(folder)/recipe.json", "meanExpertWeight": 0, "downShare": 0 },
            { "name": "as it is", "recipe": "\(folder)/recipe.json" }
          ], "chosen": "alone" }
        """
      let setting = try configuration(text, in: folder, as: Tradeoff.Configuration.self)
      #expect(throws: TrainingError.interrupted) {
        try Tradeoff(setting, in: surroundings.interrupted(at: 7))
      }
      let resumed = try Tradeoff(setting, in: surroundings)
      // Everything is kept: there is no step left that could be interrupted.
      let kept = try Tradeoff(setting, in: surroundings.interrupted())
      try FileManager.default.removeItem(atPath: folder + "/runs")
      let whole = try Tradeoff(setting, in: surroundings)
      #expect(resumed.json == whole.json && kept.json == whole.json)

      #expect(whole.results.map { $0.validation.count } == [2, 2])
      #expect(whole.results.map { $0.test?.count } == [2, nil])
      #expect(whole.csv.split(separator: "\n").count == 1 + 2 * 2 + 2)
      #expect(whole.results[0].validation[0] != whole.results[1].validation[0])
      #expect(whole.markdown.contains("The default, `alone`, on the 160 test images:"))
      #expect(try #require(whole.plot(output: "x.svg")).contains("\"as it is\""))
    }
  }

  // MARK: What is committed

  @Test func `the committed configurations are sound, and so are the recipes that they vary`() throws {
    let folder = projectRoot + "/scripts/experiments"
    let table = try Table2.Configuration(path: folder + "/table2.json")
    #expect(table.plan.channelSeeds.count >= 3)
    #expect(try GateCurves.Configuration(path: folder + "/fig3.json").name == "fig3")
    #expect(try GateCurves.Configuration(path: folder + "/fig4.json").name == "fig4")
    let transformer = try GateCurves.Configuration(path: folder + "/fig5.json")
    #expect(transformer.name == "fig5")
    for model in transformer.models { #expect(try Recipe(path: projectRoot + "/" + model.recipe).backbone == .vit) }
    let tradeoff = try Tradeoff.Configuration(path: folder + "/tradeoff.json")
    for variant in tradeoff.variants { _ = try Recipe(path: projectRoot + "/" + variant.recipe) }
  }

  @Test func `RESULTS.md tells what the results' files say`() throws {
    let written = try String(contentsOfFile: projectRoot + "/RESULTS.md", encoding: .utf8)
    #expect(try ResultsPage(root: projectRoot).markdown == written, "moe-train results writes it anew")
  }
}
