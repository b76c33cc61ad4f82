import Datasets
import Digests
import Foundation
import Layers
import MixtureOfExperts
import Tensors
import Testing
import Training

/// Training of experts of different shapes, and of gates of other sizes.
@Suite struct HeterogeneousTrainingTests {
  private let data: TrainingData

  init() throws {
    data = try TrainingData(squares(240), validationCount: 40)
  }

  private func recipe() throws -> Recipe {
    var recipe = try smallRecipe()
    recipe.expertHiddenWidths = [[], [8], [24, 12]]
    recipe.stage2.gateHiddenWidths = [16, 8]
    return recipe
  }

  private func train(_ stage: inout some TrainingStage, in folder: String? = nil, stoppingAfter stop: Int? = nil) throws
  {
    let recorder = Recorder()
    recorder.stopsAfter = stop
    _ = try TrainingRun(folder: folder, fingerprint: anyFingerprint)(
      &stage, observer: recorder, isInterrupted: { recorder.isInterrupted })
  }

  @Test func `experts of all shapes learn in both stages, and the bundle says what they are`() throws {
    try withScratchFolder { folder in
      var first = try Stage1(recipe(), data: data)
      #expect(try first.rehearse().contains("images can be learnt by heart"))
      try train(&first)
      let model = try first.model(named: "squares", dataset: "folder")
      // One of four classes would be a quarter.
      let figures = try #require(first.best[Stage1.choice]).figures
      #expect(try #require(figures["base_accuracy"]) > 80)
      #expect(try #require(figures["mean_expert_accuracy"]) > 60)
      #expect(model.description.expertHiddenWidths == [[], [8], [24, 12]])
      #expect(model.description.gateHiddenWidths == nil)
      var second = try Stage2(recipe(), model: model, data: data)
      try train(&second)
      try ModelBundle.write(second.finishedModel(), to: folder + "/model")
      let loaded = try ModelBundle.loadAll(folder + "/model")
      #expect(loaded.experts.map { $0.layers.map(\.weight.shape[0]) } == [[4], [8, 4], [24, 12, 4]])
      let gates = GateKind.allCases.map { loaded.gates[$0]?.network.layers.map(\.weight.shape[0]) }
      #expect(gates == [[64, 3], [16, 8, 3], [16, 8, 3]])
      #expect(
        loaded.description.gateHiddenWidths == ["naive": [16, 8], "channel-aware": [16, 8]]
          && loaded.description.formatVersion == 2)
      let card = try ModelCard(ModelBundle(folder: folder + "/model"), results: nil).markdown
      #expect(card.contains("| expert | layers | multiply-adds |") && card.contains("| 2 | 120-24-12-4 | 3,216 |"))
    }
  }

  @Test func `a run with experts of different shapes resumes bit-equal`() throws {
    try withScratchFolder { folder in
      var whole = try Stage1(recipe(), data: data)
      try train(&whole)
      var first = try Stage1(recipe(), data: data)
      try train(&first, in: folder, stoppingAfter: 7)
      var second = try Stage1(recipe(), data: data)
      try train(&second, in: folder)
      for (resumed, straight) in zip(second.tensors, whole.tensors) {
        #expect(resumed.value == straight.value, "\(straight.name)")
      }
    }
  }

  @Test func `the shapes are part of what names a run`() throws {
    func fingerprint(_ change: (inout Recipe) -> Void) throws -> String {
      var recipe = try smallRecipe()
      change(&recipe)
      return try recipe.fingerprint(recipe.stage1, data: anyFingerprint).hex
        + recipe.fingerprint(recipe.stage2, data: anyFingerprint).hex
    }
    let names = try [
      fingerprint { _ in }, fingerprint { $0.expertHiddenWidths = [[], [8], [24, 12]] },
      fingerprint { $0.expertHiddenWidths = [[8], [], [24, 12]] }, fingerprint { $0.stage2.gateHiddenWidths = [] },
    ]
    #expect(Set(names).count == names.count)
  }

  @Test func `shapes that cannot be are refused by the recipe's field`() throws {
    func complaint(_ change: (inout Recipe) -> Void) throws -> String? {
      var recipe = try recipe()
      change(&recipe)
      return recipe.firstViolation
    }
    #expect(try complaint { _ in } == nil)
    #expect(
      try complaint { $0.expertHiddenWidths = [[20]] }
        == "expertHiddenWidths: expected 3 lists, one an expert, received 1")
    #expect(
      try complaint { $0.expertHiddenWidths?[1] = [0] }
        == "expertHiddenWidths.1: expected widths from 1 to 8192, received 0")
    #expect(
      try complaint { $0.stage2.gateHiddenWidths = [Int](repeating: 8, count: 9) }
        == "stage2.gateHiddenWidths: expected 0 to 8 hidden layers, received 9")
    #expect(
      try complaint { $0.stage1.copiesOneExpert = true }
        == "expertHiddenWidths: expected none where stage1.copiesOneExpert makes all experts alike")
    #expect(
      Recipe.misfit(in: ["expertHiddenWidths.1.0": .number(2.5)])
        == "expertHiddenWidths.1.0: expected a whole number, received 2.5")
  }
}
