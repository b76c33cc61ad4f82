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
    #expect(complaint { $0["backbone"] = "lenet6" }.contains("backbone"))
  }

  @Test func `a recipe that is not there is one clear line`() {
    #expect {
      _ = try Recipe(path: "/no/such/recipe.json")
    } throws: { "\($0)".hasPrefix("/no/such/recipe.json: ") }
  }
}
