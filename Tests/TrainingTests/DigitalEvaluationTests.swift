import Datasets
import Foundation
import MixtureOfExperts
import Radio
import Testing
import Training

@Suite struct DigitalEvaluationTests {
  private let images = squares(200)
  private let model: MixtureModel

  init() throws {
    let data = try TrainingData(squares(240), validationCount: 40)
    model = try Stage2(
      smallRecipe(), model: Stage1(smallRecipe(), data: data).model(named: "squares", dataset: "folder"), data: data
    ).finishedModel()
  }

  private func evaluate(
    _ gate: GatePolicy, _ policy: DecodeFailurePolicy, maximumAttempts: Int = 3, topK: Int = 1
  ) throws -> Evaluation {
    try Evaluation(
      model,
      EvaluationSettings(
        gate: .policy(gate), link: .digital, lossRule: LossRule(policy: policy, maximumAttempts: maximumAttempts),
        topK: topK,
        configuration: LinkConfiguration(snrMeanDB: 8, snrStdDB: 5, seed: 2)), images: images)
  }

  @Test func `one transmission loses the same images whatever is made of them`() throws {
    let erasure = try evaluate(.random, .erasure)
    let raw = try evaluate(.random, .raw)
    let once = try evaluate(.random, .redispatch, maximumAttempts: 1)
    #expect(erasure.outcomes.map(\.isDelivered) == raw.outcomes.map(\.isDelivered))
    #expect(erasure.outcomes == once.outcomes, "erasure is re-dispatch without a second try")
    #expect(erasure.use == raw.use && erasure.use.transmissions == 200)
    #expect(erasure.use.decodeFailures == 200 - erasure.delivered)
    #expect((20...180).contains(erasure.delivered))
  }

  @Test func `re-dispatch asks the next-best experts, at most as often as allowed`() throws {
    let evaluation = try evaluate(.random, .redispatch, maximumAttempts: 2)
    let erasure = try evaluate(.random, .erasure)
    #expect(evaluation.delivered > erasure.delivered)
    for (outcome, single) in zip(evaluation.outcomes, erasure.outcomes) {
      #expect(outcome.use.transmissions == (single.isDelivered ? 1 : 2))
      #expect((outcome.expert == single.expert) == single.isDelivered)
    }
  }

  @Test func `with top-2 every image has two answers, or one where both links have lost it and one expert is left`()
    throws
  {
    for outcome in try evaluate(.channelAware, .redispatch, topK: 2).outcomes {
      #expect(Set(outcome.experts).count == outcome.experts.count)
      switch outcome.experts.count {
      case 2: #expect((2...3).contains(outcome.use.transmissions))
      case 1: #expect(outcome.use.transmissions == 3 && outcome.use.decodeFailures >= 2)
      default: Issue.record("\(outcome.experts)")
      }
    }
  }

  @Test func `over latents computed before, the outcomes are the same`() throws {
    let z = Latents.of(images, backbone: model.backbone, normalisation: model.description.normalisation)
    let settings = EvaluationSettings(link: .digital)
    #expect(
      try Evaluation(model, settings, latents: z, labels: images.labels).outcomes
        == Evaluation(model, settings, images: images).outcomes)
  }
}
