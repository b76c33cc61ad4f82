import Datasets
import Foundation
import MixtureOfExperts
import Radio
import Testing
import Training

/// The ablation, on a small data set of pictures.
@Suite struct AblationTests {
  private let law = Law(meanDB: 8, stdDB: 5)

  private func text(_ folder: String) -> String {
    let plan = """
      { "channelSeeds": [1, 2], "conditions": [
        { "law": { "meanDB": 8, "stdDB": 5 }, "links": ["analog", "digital-raw"],
          "gates": ["channel-aware", "naive"], "topK": [1, 3] } ] }
      """
    return """
      { "title": "Worth", "seeds": [1, 2],
        "networks": [
          { "name": "LeNet-5", "dataset": "folder", "recipe": "\(folder)/recipe.json",
            "changes": { "stage1": { "epochs": 1 }, "stage2": { "epochs": 1 } }, "plan": \(plan),
            "questions": [
              { "title": "sight", "standard": "decibels", "variants": [
                { "name": "a ratio", "changes": { "stage2": { "linkEncoding": "power", "seesDeliveryOdds": false } } },
                { "name": "none", "gate": "naive" }, { "name": "all", "topK": 3 } ] },
              { "title": "balance", "standard": "one", "variants": [
                { "name": "nothing", "changes": { "stage1": { "balanceWeight": 0 } } } ] } ] },
          { "name": "kept", "dataset": "folder", "recipe": "\(folder)/recipe.json", "model": "small",
            "changes": { "stage2": { "epochs": 1 } }, "plan": \(plan),
            "questions": [
              { "title": "size", "standard": "64", "variants": [
                { "name": "linear", "changes": { "stage2": { "gateHiddenWidths": [] } } } ] } ] },
          { "name": "absent", "dataset": "folder", "recipe": "\(folder)/recipe.json", "model": "nowhere",
            "plan": \(plan), "questions": [] }
        ] }
      """
  }

  @Test
  func `each choice is measured by itself, chosen by validation, shown on test images, and nothing is done twice`()
    throws
  {
    try withData { folder, surroundings in
      try storeModel("small", in: folder)
      let setting = try configuration(text(folder), in: folder, as: Ablation.Configuration.self)
      #expect(throws: TrainingError.interrupted) {
        try Ablation(setting, in: surroundings.interrupted(at: 15))
      }
      let study = try Ablation(setting, in: surroundings)
      let kept = try Ablation(setting, in: surroundings.interrupted())
      #expect(kept.json == study.json)

      #expect(study.networks.map(\.name) == ["LeNet-5", "kept"] && study.missing == ["absent"])
      let (sight, balance) = (study.networks[0].questions[0], study.networks[0].questions[1])
      #expect(sight.rows.map(\.name) == ["decibels", "a ratio", "none", "all"])
      #expect(study.networks[0].testImages == 160 && study.networks[0].validationImages == 16)
      for row in sight.rows + balance.rows {
        #expect(row.seconds.count == 2 && row.seconds.allSatisfy { $0 > 0 })
        #expect(row.test.cells.map(\.link) == [.analog, .digitalOnce] && row.test.base.count == 2)
        #expect(row.test.cells.allSatisfy { $0.accuracies.count == 2 && $0.law == law.name })
      }
      // The recipe as it is, is the same under every question; what only stage 2 changes has the same stage 1.
      #expect(sight.rows[0].test.cells.map(\.accuracies) == balance.rows[0].test.cells.map(\.accuracies))
      #expect(sight.rows[1].test.base == sight.rows[0].test.base)
      #expect(balance.rows[1].test.base != balance.rows[0].test.base)
      // A gate or a number of experts is another look at the same models.
      #expect(sight.rows[2].gate == .policy(.naive) && sight.rows[3].topK == 3)
      #expect(sight.rows[2].seconds == sight.rows[0].seconds)
      let runs = try FileManager.default.contentsOfDirectory(atPath: folder + "/runs/trained")
      #expect(runs.count { $0.contains("stage1") } == 2 * 2 && runs.count { $0.contains("stage2") } == 2 * (3 + 2))
      let widths = study.networks[1].questions[0].rows.map(\.name)
      #expect(widths == ["64", "linear"])
      try expectOwnRecipe(study, folder, surroundings)

      let markdown = study.markdown
      #expect(markdown.contains("Without a model here: absent."))
      #expect(markdown.contains("### kept, ") && markdown.contains("stage 2 on `small`, which is kept"))
      // The answer of each question that is best on the validation images is in bold, and what it is worth on the test images.
      #expect(markdown.components(separatedBy: "| **").count == 1 + 3)
      for question in study.networks.flatMap(\.questions) {
        func merit(_ figures: Ablation.Figures) -> Double {
          figures.cells.flatMap(\.accuracies).reduce(0, +) / Double(figures.cells.count * study.seeds.count)
        }
        let best = try #require(question.rows.max { merit($0.validation) < merit($1.validation) })
        let bold = try #require(question.rows.first { markdown.contains("| **\($0.name)** |") })
        #expect(merit(bold.validation) == merit(best.validation), "\(question.title)")
        for row in question.rows.dropFirst() {
          let difference = ((merit(row.test) - merit(question.rows[0].test)) * 100).rounded() / 100
          let told = difference == 0 ? "| 0.00 (" : String(format: "| %+.2f (", difference)
          let line = markdown.split(separator: "\n").first {
            $0.contains("| \(row.name) |") || $0.contains("| **\(row.name)** |")
          }
          #expect(line?.contains(told) == true, "\(row.name): \(told)")
        }
      }
      #expect(study.csv.split(separator: "\n").count == 1 + (4 + 2 + 2) * 2 * 2 * 3)
      let script = try #require(study.plot(output: folder + "/x.svg"))
      #expect(script.contains("set label 'sight' at graph -0.01, first 0 ") && script.contains("('decibels' -1, "))
      try Gnuplot.installed?.draw(script, to: folder + "/x.svg")
      #expect(try study.write(under: folder, gnuplot: nil) == false)
      #expect(try #require(try Ablation.read("ablation", under: folder)).markdown == markdown)
      #expect(try ResultsPage(root: folder).markdown.contains(markdown))
    }
  }

  /// The recipe's own line of the network whose model is kept is what an evaluation of those gates gives.
  private func expectOwnRecipe(_ study: Ablation, _ folder: String, _ surroundings: Surroundings) throws {
    let trained = folder + "/runs/trained"
    let model = try FileManager.default.contentsOfDirectory(atPath: trained).sorted()
      .filter { $0.contains("stage2") }.map { try ModelBundle.loadAll("\(trained)/\($0)/model") }
      .first {
        $0.description.name == "small" && $0.description.training?.stage2?.seed == 2
          && $0.description.gateHiddenWidths == nil
      }
    let images = try ImageSet.load(.folder, .test, in: folder + "/data/test")
    let accuracies = try [UInt64(1), 2].map { seed in
      let settings = EvaluationSettings(link: .analog, configuration: law.configuration(seed: seed))
      return try 100 * Evaluation(#require(model), settings, images: images).accuracy
    }
    let told = study.networks[1].questions[0].rows[0].test.cells[0].accuracies[1]
    #expect(abs(told - (accuracies[0] + accuracies[1]) / 2) < 1e-9)
  }

  @Test func `a variant that is wrong is told before anything is trained`() throws {
    try withData { folder, surroundings in
      func complaint(_ old: String, _ new: String) -> String {
        do {
          let text = text(folder).replacing(old, with: new)
          _ = try Ablation(configuration(text, in: folder, as: Ablation.Configuration.self), in: surroundings)
          return ""
        } catch { return "\(error)" }
      }
      #expect(complaint("\"power\"", "\"powr\"").contains("stage2.linkEncoding: expected one of"))
      #expect(complaint("\"balanceWeight\"", "\"balance\"").contains("stage1.balance: no such field"))
      #expect(complaint("\"gateHiddenWidths\": []", "\"gateHiddenWidths\": [0]").contains("stage2.gateHiddenWidths: "))
      #expect(
        complaint("\"topK\": 3", "\"topK\": 2")
          .contains("networks.0.questions.0.variants.2: expected a gate and topK of all of the plan's conditions"))
      #expect(complaint("\"none\"", "\"all\"").contains("networks.0.questions.0: expected each name once"))
      #expect(complaint("[\"channel-aware\", \"naive\"]", "[\"naive\"]").contains("networks.0"))
      #expect(!FileManager.default.fileExists(atPath: folder + "/runs/trained"))
    }
  }

  @Test func `where a model is kept, nothing is varied but stage 2 and the images that it sees`() throws {
    try withData { folder, surroundings in
      func study(_ old: String, _ new: String) throws -> Ablation.Configuration {
        try configuration(text(folder).replacing(old, with: new), in: folder, as: Ablation.Configuration.self)
      }
      let (variant, network) = (
        #"{ "stage2": { "gateHiddenWidths": [] } }"#, #""changes": { "stage2": { "epochs": 1 } }"#
      )
      for (old, new, field) in [
        (variant, #"{ "stage1": { "balanceWeight": 0 } }"#, "stage1.balanceWeight"),
        (variant, #"{ "stage1": { "dropout": 0.1 }, "stage2": { "downShare": 0 } }"#, "stage1.dropout"),
        (variant, #"{ "combination": "logits" }"#, "combination"),
        (
          variant, #"{ "stage1": { "augmentation": { "padding": 2 } }, "stage2": { "augmentedViews": 0 } }"#,
          "stage1.augmentation.padding"
        ),
        (network, #""changes": { "stage1": { "epochs": 1 } }"#, "stage1.epochs"),
      ] {
        let error = #expect(throws: TrainingError.self) { _ = try Ablation(study(old, new), in: surroundings) }
        #expect(
          error?.description.hasSuffix("\(field): expected the recipe's own, for what stage 1 made of small is kept")
            == true, "\(new): \(error?.description ?? "")")
      }
      #expect(!FileManager.default.fileExists(atPath: folder + "/runs/trained"))
      let augmented = try study(variant, #"{ "stage1": { "augmentation": { "padding": 2 } } }"#).networks[1]
      let recipe = try augmented.recipe(of: augmented.questions[0].variants[0])
      #expect(recipe.stage2.augmentedViews == 1 && recipe.stage1.augmentation.padding == 2)
    }
  }

  // MARK: What is committed

  @Test func `the committed configurations are sound, and so are the recipes that they vary`() throws {
    let folder = projectRoot + "/scripts/experiments"
    let ablation = try Ablation.Configuration(path: folder + "/ablation.json")
    #expect(ablation.seeds.count >= 3)
    for var network in ablation.networks {
      network.recipe = projectRoot + "/" + network.recipe
      for variant in network.questions.flatMap(\.variants) {
        let recipe = try network.recipe(of: variant)
        // Where stage 1 is kept, no variant changes it.
        if network.model != nil { #expect(try recipe.stage1 == network.recipe(of: nil).stage1, "\(variant.name)") }
      }
    }
    let sizes = try Heterogeneous.Configuration(path: folder + "/heterogeneous.json")
    for variant in sizes.variants {
      _ = try Recipe(path: projectRoot + "/" + variant.recipe, changes: variant.changes)
    }
    let counts = try ExpertCounts.Configuration(path: folder + "/fig6.json")
    #expect(counts.expertCounts == [4, 6, 8, 10, 12])
    _ = try Recipe(path: projectRoot + "/" + counts.recipe, changes: counts.changes)
  }
}
