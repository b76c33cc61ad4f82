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
}
