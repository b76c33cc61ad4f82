import Digests
import Foundation
import MixtureOfExperts
import Testing
import Training

@Suite struct ModelCardTests {
  @Test(arguments: shippedModels) func `a shipped model's card is up to date`(name: String) throws {
    let folder = "\(projectRoot)/Models/\(name)"
    let written = try String(contentsOfFile: folder + "/" + ModelCard.file, encoding: .utf8)
    let card = try ModelCard(ModelBundle(folder: folder), results: Table2.read("table2", under: projectRoot))
    #expect(card.markdown == written, "moe-train card --model Models/\(name) writes it anew")
    #expect(written.contains(try ModelBundle(folder: folder).digest.hex))
    #expect(written.contains("| analog | channel-aware | "), "a shipped model has test figures")
  }

  @Test(arguments: [
    (BackboneKind.leNet5, Combination.logits, "Σ w_k o_k"), (.leNet5, .probabilities, "Σ w_k softmax(o_k)"),
    (.vit, .logits, "Σ w_k h(o_k)"), (.vit, .probabilities, "Σ w_k softmax(h(o_k))"),
  ])
  func `a card tells what experts answer with and how answers are mixed`(
    backbone: BackboneKind, combination: Combination, formula: String
  ) throws {
    try withScratchFolder { folder in
      var model = try MixtureModel(untrained: "model", backbone: backbone, expertCount: 2, classCount: 7, seed: 1)
      model.description.combination = combination
      try ModelBundle.write(model, to: folder + "/model")
      let card = try ModelCard(ModelBundle(folder: folder + "/model"), results: nil).markdown
      #expect(card.contains("are combined as \(formula). Digital"))
      #expect(card.contains("answers with 384 features, of which the base station's head h") == (backbone == .vit))
    }
  }

  @Test func `a card without results says so, and one with another model's results is refused`() throws {
    try withScratchFolder { folder in
      let model = try MixtureModel(
        untrained: "lenet5-cifar10-k8-robust", backbone: .leNet5, expertCount: 3, classCount: 4, seed: 1)
      try ModelBundle.write(model, to: folder + "/model")
      let bundle = try ModelBundle(folder: folder + "/model")
      let card = try ModelCard(bundle, results: nil)
      #expect(card.markdown.contains("no test figures of this model") && !card.markdown.contains("## Training"))
      try card.write(to: folder + "/model")
      try ModelBundle.write(model, to: folder + "/model")
      #expect(FileManager.default.fileExists(atPath: folder + "/model/README.md"), "training anew keeps the card")
      let table = try Table2.read("table2", under: projectRoot)
      #expect {
        _ = try ModelCard(bundle, results: table)
      } throws: { "\($0)".contains("expected \(bundle.digest.hex)") }
    }
  }
}
