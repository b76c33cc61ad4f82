import Foundation
import MixtureOfExperts
import Testing
import Training

@Suite struct RecipeChangesTests {
  private func recipe(_ changes: String?) throws -> Recipe {
    var result: Recipe?
    try withScratchFolder { folder in
      var recipe = try smallRecipe()
      recipe.stage1.dropout = 0.1
      try JSONEncoder().encode(recipe).write(to: URL(fileURLWithPath: folder + "/recipe.json"))
      let patch = try changes.map { try JSONDecoder().decode(RecipeChanges.self, from: Data($0.utf8)) }
      result = try Recipe(path: folder + "/recipe.json", changes: patch)
    }
    return try #require(result)
  }

  @Test func `a recipe without changes, or with none, is the file's`() throws {
    #expect(try recipe(nil) == recipe("{}"))
  }

  @Test func `fields are replaced as deep as the changes go, lists as a whole, and a null takes one out`() throws {
    let plain = try recipe(nil)
    let changed = try recipe(
      """
      { "expertHiddenWidths": [[], [4], [8, 4]],
        "stage1": { "dropout": null, "optimiser": { "peakLearningRate": 0.25 } },
        "stage2": { "snrLaws": [{ "meanDB": 1, "stdDB": 2, "share": 3 }], "seesDeliveryOdds": false } }
      """)
    #expect(changed.expertHiddenWidths == [[], [4], [8, 4]] && changed.stage1.dropout == nil)
    #expect(changed.stage1.optimiser.peakLearningRate == 0.25)
    #expect(changed.stage1.optimiser.weightDecay == plain.stage1.optimiser.weightDecay)
    #expect(changed.stage2.snrLaws.map(\.meanDB) == [1] && !changed.stage2.seesDeliveryOdds)
    #expect(changed.stage2.messageBits == plain.stage2.messageBits && changed.name == plain.name)
  }

  @Test func `changes of changes keep what they take out`() throws {
    func changes(_ text: String) throws -> RecipeChanges {
      try JSONDecoder().decode(RecipeChanges.self, from: Data(text.utf8))
    }
    let first = try changes(#"{ "stage1": { "epochs": 2, "seed": 5 } }"#)
    let both = first.merging(try changes(#"{ "stage1": { "dropout": null, "epochs": 3 } }"#))
    #expect(both == (try changes(#"{ "stage1": { "dropout": null, "epochs": 3, "seed": 5 } }"#)))
  }

  @Test(arguments: [
    (#"{ "stage1": { "epoch": 3 } }"#, "stage1.epoch: no such field"),
    (#"{ "stage2.balanceWeight": 1 }"#, #""stage2.balanceWeight": no such field"#),
    (#"{ "stage3": {} }"#, "stage3: no such field"),
    (#"{ "stage1": { "epochs": 0 } }"#, "stage1.epochs: expected 1 to 10000, received 0"),
    (#"{ "stage1": { "epochs": null } }"#, "stage1.epochs: expected, not there"),
    (#"{ "backbone": "lenet6" }"#, "backbone: expected one of"),
    (#"{ "stage2": 3 }"#, "stage2: expected"),
    (#"[1]"#, "expected an object of fields of a recipe"),
  ])
  func `changes that no recipe can have are refused by the field`(changes: String, message: String) {
    #expect { _ = try recipe(changes) } throws: { "\($0)".contains(message) }
  }
}
