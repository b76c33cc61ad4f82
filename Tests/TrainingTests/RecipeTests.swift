import Datasets
import Digests
import Foundation
import MixtureOfExperts
import Testing
import Training

@Suite struct RecipeTests {
  private func read(_ change: (inout [String: Any]) -> Void) throws -> Recipe {
    let path = NSTemporaryDirectory() + "recipe-\(UUID().uuidString).json"
    defer { try? FileManager.default.removeItem(atPath: path) }
    var json = try #require(
      try JSONSerialization.jsonObject(with: try JSONEncoder().encode(try smallRecipe())) as? [String: Any])
    change(&json)
    try JSONSerialization.data(withJSONObject: json).write(to: URL(fileURLWithPath: path))
    return try Recipe(path: path)
  }

  private func complaint(_ change: (inout [String: Any]) -> Void) -> String {
    do {
      _ = try read(change)
      return ""
    } catch { return "\(error)" }
  }

  private func changing(_ stage: String, _ field: String, to value: Any?) -> (inout [String: Any]) -> Void {
    { json in
      var fields = json[stage] as? [String: Any] ?? [:]
      fields[field] = value
      json[stage] = fields
    }
  }

  @Test func `a recipe reads back as it was written`() throws {
    #expect(try read { _ in } == (try smallRecipe()))
  }

  @Test func `a field out of range, absent, misspelt or of another type is named before anything is computed`() {
    #expect(complaint(changing("stage1", "epochs", to: 0)).contains("stage1.epochs: expected 1 to 100000, received 0"))
    #expect(complaint(changing("stage2", "digitalShare", to: nil)).contains("stage2.digitalShare: expected"))
    #expect(complaint(changing("stage1", "epoch", to: 3)).contains("stage1.epoch: no such field"))
    #expect(complaint(changing("stage1", "batchSize", to: "many")).contains("stage1.batchSize: expected Int"))
    let laws = [["meanDB": 30, "stdDB": 50, "share": 1], ["meanDB": 5, "stdDB": -1, "share": 1]]
    #expect(
      complaint(changing("stage2", "snrLaws", to: laws)).contains("stage2.snrLaws.1.stdDB: expected 0.0 to 100.0"))
    #expect(complaint(changing("stage2", "snrLaws", to: [])).contains("number of stage2.snrLaws: expected 1 to 16"))
    let misspelt = [["meanDB": 30, "stdDB": 50, "share": 1, "weight": 2]]
    #expect(complaint(changing("stage2", "snrLaws", to: misspelt)).contains("stage2.snrLaws.0.weight: no such field"))
    #expect(
      complaint { $0["backbone"] = "lenet6" }.contains(
        "backbone: expected one of lenet5, resnet18, vit, received lenet6"))
    #expect(
      complaint(changing("stage2", "mixing", to: "odds")).contains("stage2.mixing: expected one of probabilities"))
    #expect(
      complaint(changing("stage1", "epochs", to: 1.5)).contains("stage1.epochs: expected a whole number, received 1.5"))
    #expect(
      complaint(changing("stage1", "seed", to: -1)).contains("stage1.seed: expected a whole number from 0, received -1")
    )
  }

  @Test func `optional fields are checked like all others`() throws {
    let pairs = ["mixup": 0.2, "cutmix": 1, "share": 0.5]
    let recipe = try read { json in
      changing("stage1", "pairs", to: pairs)(&json)
      changing("stage1", "dropout", to: 0.2)(&json)
      changing("stage1", "averageDecay", to: 0.999)(&json)
    }
    #expect(recipe.stage1.pairs == PairMixing(mixup: 0.2, cutmix: 1, share: 0.5))
    #expect(recipe.stage1.dropout == 0.2 && recipe.stage1.averageDecay == 0.999)
    #expect(
      complaint(changing("stage1", "pairs", to: pairs.merging(["mixup": 2]) { $1 }))
        .contains("stage1.pairs.mixup: expected 0 (none) or 0.01 to 1.0, received 2.0"))
    #expect(complaint(changing("stage1", "pairs", to: ["mixup": 1])).contains("stage1.pairs.cutmix: expected"))
    #expect(
      complaint(changing("stage1", "dropout", to: 1)).contains("stage1.dropout: expected 0.0 to 0.9, received 1.0"))
    #expect(complaint(changing("stage1", "averageDecay", to: -1)).contains("stage1.averageDecay: expected 0.0 to"))
    #expect(complaint(changing("stage1", "droput", to: 0.1)).contains("stage1.droput: no such field"))
  }

  @Test func `a recipe without the optional fields has the fingerprint of the days before them`() throws {
    let settings =
      #"{"augmentation":{"border":"black","cutout":4,"flips":false,"padding":1},"balanceWeight":1,"batchSize":32,"#
      + #""copiesOneExpert":false,"downShare":0.2,"epochs":4,"gatedExpertWeight":1,"labelSmoothing":0.1,"#
      + #""meanExpertWeight":0.1,"optimiser":{"kind":"adamw","peakLearningRate":0.005,"weightDecay":0.0001},"seed":1}"#
    let recipe = try smallRecipe()
    let named = "lenet5 3 \(anyFingerprint.hex) " + settings
    #expect(
      try recipe.fingerprint(recipe.stage1, data: anyFingerprint) == SHA256Digest.of(Array(named.utf8)))
    var other = recipe
    other.stage1.dropout = 0.1
    #expect(try other.fingerprint(other.stage1, data: anyFingerprint) != SHA256Digest.of(Array(named.utf8)))
  }

  @Test func `a recipe that is not there is one clear line`() {
    #expect {
      _ = try Recipe(path: "/no/such/recipe.json")
    } throws: { "\($0)".hasPrefix("/no/such/recipe.json: ") }
  }
}
