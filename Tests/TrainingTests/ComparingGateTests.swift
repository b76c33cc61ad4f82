import Layers
import MixtureOfExperts
import Radio
import Tensors
import Testing
import Training

/// Stage 2 with a channel-aware gate that compares links and sees them directly.
@Suite struct ComparingGateTests {
  @Test func `stage 2 trains the direct weights, and the bundle routes as the stage does`() throws {
    try withScratchFolder { folder in
      let data = try TrainingData(squares(240), validationCount: 40)
      var recipe = try smallRecipe()
      recipe.stage2.linkEncoding = .compared
      recipe.stage2.seesLinksDirectly = true
      var first = try Stage1(recipe, data: data)
      _ = try TrainingRun(folder: nil, fingerprint: anyFingerprint)(
        &first, observer: Recorder(), isInterrupted: { false })
      var second = try Stage2(recipe, model: first.model(named: "squares", dataset: "folder"), data: data)
      let before = try #require(second.gates.channelAware.directWeight)
      #expect(before.shape == [3] && second.gates.naive.directWeight == nil)
      _ = try TrainingRun(folder: nil, fingerprint: anyFingerprint)(
        &second, observer: Recorder(), isInterrupted: { false })
      let after = try #require(second.gates.channelAware.directWeight)
      // All three are trained: digital links are among the draws.
      for c in 0..<3 { #expect(after.scalars[c] != before.scalars[c]) }
      try ModelBundle.write(second.finishedModel(), to: folder + "/model")
      let loaded = try ModelBundle.loadAll(folder + "/model")
      #expect(loaded.description.linkEncoding == .compared && loaded.description.gateSeesLinksDirectly == true)
      #expect(loaded.gates[.channelAware]?.directWeight == second.chosenGates.channelAware.directWeight)

      // A gate that sees decibels sees them whatever an earlier one was told.
      recipe.stage2.linkEncoding = .decibels
      recipe.stage2.seesLinksDirectly = nil
      let plain = try Stage2(recipe, model: loaded, data: data).finishedModel().description
      #expect(plain.linkEncoding == .standard && plain.gateSeesLinksDirectly == nil)
    }
  }

  @Test func `of the factors for a gate's network the one that is best on the validation images is taken`() throws {
    let data = try TrainingData(squares(240), validationCount: 40)
    var recipe = try smallRecipe()
    recipe.stage2.linkEncoding = .compared
    recipe.stage2.seesLinksDirectly = true
    recipe.stage2.epochs = 1
    var first = try Stage1(recipe, data: data)
    _ = try TrainingRun(folder: nil, fingerprint: anyFingerprint)(
      &first, observer: Recorder(), isInterrupted: { false })
    let model = try first.model(named: "squares", dataset: "folder")
    func trained(_ factors: [Double]?) throws -> (stage: Stage2, best: BestEpoch) {
      recipe.stage2.networkFactors = factors
      var stage = try Stage2(recipe, model: model, data: data)
      _ = try TrainingRun(folder: nil, fingerprint: anyFingerprint)(
        &stage, observer: Recorder(), isInterrupted: { false })
      let best = stage.best[GateKind.channelAware.rawValue]
      return (stage, try #require(best))
    }
    let alone: [Double?: Double] = [
      nil: try trained(nil).best.accuracy, 1: try trained([1]).best.accuracy, 0.02: try trained([0.02]).best.accuracy,
    ]
    #expect(alone[nil] == alone[1])
    let (stage, best) = try trained([1, 0.02])
    #expect(best.accuracy == alone.values.max())
    let factor = try #require(best.figures["network_factor"])
    #expect(alone[factor] == best.accuracy)
    // One epoch: the gate that was kept is the trained one, its network so weighed.
    let (kept, whole) = (stage.chosenGates.channelAware, stage.gates.channelAware)
    #expect(kept.directWeight == whole.directWeight)
    #expect(kept.network.layers.last?.weight == whole.network.layers.last?.weight.map { Float(factor) * $0 })
  }
}
