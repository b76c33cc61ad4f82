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
    #expect(complaint(changing("stage1", "epochs", to: 0)).contains("stage1.epochs: expected 1 to 10000, received 0"))
    #expect(complaint(changing("stage2", "digitalShare", to: nil)).contains("stage2.digitalShare: expected"))
    #expect(complaint(changing("stage1", "epoch", to: 3)).contains("stage1.epoch: no such field"))
    #expect(complaint(changing("stage1", "batchSize", to: "many")).contains("stage1.batchSize: expected Int"))
    let laws = [["meanDB": 30, "stdDB": 50, "share": 1], ["meanDB": 5, "stdDB": -1, "share": 1]]
    #expect(
      complaint(changing("stage2", "snrLaws", to: laws)).contains("stage2.snrLaws.1.stdDB: expected 0.0 to 100.0"))
    #expect(
      complaint(changing("stage2", "epochs", to: 5_001)).contains("stage2.epochs: expected 1 to 5000, received 5001"))
    #expect(complaint(changing("stage2", "snrLaws", to: [])).contains("number of stage2.snrLaws: expected 1 to 16"))
    let tooOld = [["meanDB": 30, "stdDB": 50, "share": 1, "reportCorrelation": 1.5]]
    #expect(
      complaint(changing("stage2", "snrLaws", to: tooOld)).contains(
        "stage2.snrLaws.0.reportCorrelation: expected -1.0 to 1.0"))
    #expect(
      complaint { json in
        changing("stage2", "linkEncoding", to: "distortion")(&json)
        changing("stage2", "seesLinksDirectly", to: true)(&json)
      }.contains("stage2.seesLinksDirectly: expected false with linkEncoding distortion"))
    #expect(
      complaint(changing("stage2", "networkFactors", to: [1, 0.5])).contains(
        "stage2.networkFactors: expected none without seesLinksDirectly"))
    #expect(
      complaint { json in
        changing("stage2", "seesLinksDirectly", to: true)(&json)
        changing("stage2", "networkFactors", to: [1, 1.5])(&json)
      }.contains("stage2.networkFactors.1: expected 0.01 to 1.0, received 1.5"))
    // 120 latents of 8 bits and 13 bytes beside them.
    #expect(
      complaint(changing("stage2", "messageBits", to: 2_800)).contains(
        "stage2.messageBits: expected 1.0 to 1064.0, received 2800.0"))
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

  @Test func `a dotted name names no field of a field, and an unknown field is refused though empty`() {
    #expect(complaint { $0["stage1.epochs"] = 10 }.contains("\"stage1.epochs\": no such field"))
    #expect(
      complaint(changing("stage1", "optimiser.kind", to: "sgd")).contains("stage1.\"optimiser.kind\": no such field"))
    #expect(complaint { $0["stage3"] = [String: Any]() }.contains("stage3: no such field"))
    #expect(complaint(changing("stage2", "laws", to: [Any]())).contains("stage2.laws: no such field"))
    let law: [String: Any] = ["meanDB": 30, "stdDB": 50, "share": 1, "fading": [String: Any]()]
    #expect(complaint(changing("stage2", "snrLaws", to: [law])).contains("stage2.snrLaws.0.fading: no such field"))
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

  @Test func `a teacher, RandAugment and the optimiser's further fields are checked by name`() throws {
    let augmentation: [String: Any] = ["border": "black", "cutout": 4, "flips": false, "padding": 1]
    func randAugment(_ fields: [String: Any]) -> (inout [String: Any]) -> Void {
      changing("stage1", "augmentation", to: augmentation.merging(["randAugment": fields]) { $1 })
    }
    func optimiser(_ fields: [String: Any]) -> (inout [String: Any]) -> Void {
      let plain: [String: Any] = ["kind": "adamw", "peakLearningRate": 0.005, "weightDecay": 0.05]
      return changing("stage1", "optimiser", to: plain.merging(fields) { $1 })
    }
    func teacher(_ fields: [String: Any]) -> (inout [String: Any]) -> Void { changing("stage1", "teacher", to: fields) }
    let recipe = try read { json in
      randAugment(["operations": 2, "magnitude": 9])(&json)
      optimiser(["decaysBiases": false, "warmUpShare": 0.1, "clipNorm": 1])(&json)
      teacher(["weight": 0.9, "temperature": 4])(&json)
    }
    #expect(recipe.stage1.augmentation.randAugment == RandAugment(operations: 2, magnitude: 9))
    #expect(recipe.stage1.teacher == Distillation(weight: 0.9, temperature: 4))
    #expect(recipe.stage1.optimiser.decaysBiases == false && recipe.stage1.optimiser.clipNorm == 1)
    let field = "stage1.augmentation.randAugment"
    #expect(
      complaint(randAugment(["operations": 2, "magnitude": 31])).contains(
        "\(field).magnitude: expected 0 to 30, received 31"))
    #expect(
      complaint(randAugment(["operations": 1.5, "magnitude": 9])).contains(
        "\(field).operations: expected a whole number, received 1.5"))
    #expect(
      complaint(randAugment(["operations": -1, "magnitude": 9])).contains("\(field).operations: expected 0 to 8"))
    #expect(complaint(randAugment(["operations": 2])).contains("\(field).magnitude: expected, not there"))
    #expect(
      complaint(randAugment(["operations": 2, "magnitude": 9, "policy": "m9"])).contains(
        "\(field).policy: no such field"))
    #expect(
      complaint(teacher(["weight": 1.5, "temperature": 4])).contains(
        "stage1.teacher.weight: expected 0.0 to 1.0, received 1.5"))
    #expect(
      complaint(teacher(["weight": 1, "temperature": 0])).contains("stage1.teacher.temperature: expected 0.1 to 100.0"))
    #expect(complaint(teacher(["weight": 1])).contains("stage1.teacher.temperature: expected, not there"))
    #expect(complaint(optimiser(["warmUpShare": 1])).contains("stage1.optimiser.warmUpShare: expected 0.0 to 0.9"))
    #expect(complaint(optimiser(["clipNorm": 0])).contains("stage1.optimiser.clipNorm: expected 1e-06 to"))
    let noBlocks = "optimiser.kind: expected adamw or sgd where no transformer's blocks are trained, received muon"
    #expect(complaint(optimiser(["kind": "muon"])).contains("stage1.\(noBlocks)"))
    func muonOfTransformer(_ stage: String) -> String {
      complaint { json in
        json["backbone"] = "vit"
        changing(stage, "optimiser", to: ["kind": "muon", "peakLearningRate": 0.001, "weightDecay": 0])(&json)
      }
    }
    #expect(muonOfTransformer("stage1").isEmpty)
    #expect(muonOfTransformer("stage2").contains("stage2.\(noBlocks)"))
    func patchDropout(_ value: [String: Any]) -> String { complaint(changing("stage1", "patchDropout", to: value)) }
    #expect(
      patchDropout(["rate": 0.95, "wholeEpochs": 1]).contains(
        "stage1.patchDropout.rate: expected 0.0 to 0.9, received 0.95"))
    #expect(
      patchDropout(["rate": 0.5, "wholeEpochs": 1_000]).contains("stage1.patchDropout.wholeEpochs: expected 0 to"))
    #expect(
      patchDropout(["rate": 0.5, "wholeEpochs": 1.5]).contains(
        "stage1.patchDropout.wholeEpochs: expected a whole number, received 1.5"))
    #expect(
      patchDropout(["rate": 0.5, "wholeEpochs": 1]).contains("stage1.patchDropout: expected none with a lenet5"))
    let frozen = complaint { json in
      teacher(["weight": 1, "temperature": 4])(&json)
      var stage = json["stage1"] as? [String: Any] ?? [:]
      stage["frozenBackboneViews"] = 1
      json["stage1"] = stage
    }
    #expect(frozen.contains("stage1.teacher: expected none where stage1.frozenBackboneViews keeps the backbone"))
  }

  @Test func `every recipe in the repository can be read`() throws {
    let folder = projectRoot + "/scripts/recipes"
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }
    #expect(files.count >= 9)
    for file in files { #expect(throws: Never.self, "\(file)") { try Recipe(path: folder + "/" + file) } }
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
