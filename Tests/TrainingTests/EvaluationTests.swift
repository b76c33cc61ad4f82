import Foundation
import MixtureOfExperts
import Radio
import Randomness
import Tensors
import Testing
import Training

@Suite struct EvaluationTests {
  private let images = squares(60)

  private func model() -> MixtureModel {
    var generator = CounterGenerator(seed: 4)
    let description = ModelDescription(
      name: "untrained", backbone: .leNet5, recipe: "none", combination: .probabilities, expertCount: 3,
      latentCount: 120, outputCount: 4, inputShape: BackboneKind.leNet5.inputShape,
      classLabels: ["nw", "ne", "sw", "se"],
      normalisation: PixelNormalisation(mean: [0.5, 0.5, 0.5], deviation: [0.2, 0.2, 0.2]), powerScaling: 2,
      latentMean: [Float](repeating: 0, count: 120))
    var gates: [GateKind: Gate] = [:]
    let backbone = Backbone(.leNet5, using: &generator)
    for kind in GateKind.allCases { gates[kind] = Gate(kind, for: .leNet5, expertCount: 3, using: &generator) }
    return MixtureModel(
      description: description, backbone: backbone, gates: gates,
      experts: (0..<3).map { _ in Expert(expertFor: .leNet5, outputCount: 4, using: &generator) })
  }

  private func evaluate(_ settings: EvaluationSettings) throws -> Evaluation {
    try Evaluation(model(), settings, images: images)
  }

  @Test(arguments: GatePolicy.allCases)
  func `the same settings give the same predictions, line by line`(policy: GatePolicy) throws {
    var settings = EvaluationSettings(gate: .policy(policy))
    settings.configuration.seed = 3
    #expect(try evaluate(settings).outcomes.map(\.line) == evaluate(settings).outcomes.map(\.line))
  }

  @Test func `another seed or another base station meets other links`() throws {
    let first = try evaluate(EvaluationSettings(gate: .policy(.bestSNR))).outcomes.map(\.snrDB)
    var settings = EvaluationSettings(gate: .policy(.bestSNR), baseStation: 1)
    #expect(try evaluate(settings).outcomes.map(\.snrDB) != first)
    settings.baseStation = 0
    settings.configuration.seed = 1
    #expect(try evaluate(settings).outcomes.map(\.snrDB) != first)
  }

  @Test func `all gates meet the same links`() throws {
    let links = try (0..<3).map { k in
      try SimulatedLink(configuration: LinkConfiguration(), id: LinkID(baseStation: 0, process: UInt32(k)))
    }
    for policy in GatePolicy.allCases {
      for outcome in try evaluate(EvaluationSettings(gate: .policy(policy))).outcomes {
        #expect(outcome.snrDB == links[outcome.expert].state(ofBlock: UInt64(outcome.index)).snrDB)
        #expect(outcome.block == UInt64(outcome.index))
      }
    }
  }

  @Test func `gates see what is reported, results tell the truth`() throws {
    var settings = EvaluationSettings(gate: .policy(.bestSNR))
    settings.configuration = LinkConfiguration(
      snr: .normal(meanDB: 10, stdDB: 5), feedback: ChannelFeedback(errorStdDB: 8), seed: 5)
    let links = try (0..<3).map { k in
      try SimulatedLink(configuration: settings.configuration, id: LinkID(baseStation: 0, process: UInt32(k)))
    }
    let outcomes = try evaluate(settings).outcomes
    var misled = 0
    for outcome in outcomes {
      let reported = links.map { $0.reportedSNRDB(ofBlock: outcome.block) }
      let actual = links.map { $0.state(ofBlock: outcome.block).snrDB }
      #expect(reported[outcome.expert] == reported.max())
      #expect(outcome.snrDB == actual[outcome.expert])
      if actual[outcome.expert] != actual.max() { misled += 1 }
    }
    #expect(misled > 0)
  }

  @Test func `ideal links change nothing and have no SNR`() throws {
    let outcomes = try evaluate(EvaluationSettings(gate: .policy(.base), link: .ideal)).outcomes
    #expect(outcomes.allSatisfy { $0.snrDB == nil })
    #expect(outcomes[0].line.hasSuffix("\"snr_db\":null}"))
  }

  @Test func `each image is asked of as many experts as wanted, and more than there are is refused`() throws {
    let evaluation = try evaluate(EvaluationSettings(topK: 2))
    #expect(evaluation.selected.reduce(0, +) == 120)
    #expect(evaluation.outcomes.allSatisfy { $0.experts.count == 2 && $0.experts[0] == $0.expert })
    #expect {
      _ = try evaluate(EvaluationSettings(topK: 4))
    } throws: { "\($0)" == "--top-k: expected 1 to 3, received 4" }
  }

  @Test func `the oracle is right where any expert is on what its link delivers, and nowhere else`() throws {
    var settings = EvaluationSettings(gate: .oracle)
    settings.configuration = LinkConfiguration(snrMeanDB: 0, snrStdDB: 10, seed: 3)
    let (model, outcomes) = (model(), try evaluate(settings).outcomes)
    let z = Latents.of(images, backbone: model.backbone, normalisation: model.description.normalisation)
    var disagreements = 0
    for outcome in outcomes {
      let block = UInt64(outcome.index)
      let rights = try model.experts.indices.filter { k in
        let link = try SimulatedLink(
          configuration: settings.configuration, id: LinkID(baseStation: 0, process: UInt32(k)))
        var received = z.rows(outcome.index..<outcome.index + 1)
        _ = received.withUnsafeMutableBufferPointer {
          link.carry(
            $0, powerScaling: model.description.powerScaling, kind: .analog, block: block, tag: block, attempt: 0)
        }
        return model.experts[k](received).argmaxOfRows == [outcome.label]
      }
      #expect(outcome.isCorrect == !rights.isEmpty)
      #expect(!outcome.isCorrect || rights.contains(outcome.expert))
      #expect(outcome.use.transmissions == model.experts.count && outcome.experts == [outcome.expert])
      if (1..<model.experts.count).contains(rights.count) { disagreements += 1 }
    }
    #expect(disagreements > 0)
    settings.topK = 2
    #expect {
      _ = try evaluate(settings)
    } throws: { "\($0)" == "--top-k: expected 1 with the oracle, received 2" }
  }

  @Test(arguments: EvaluatedGate.allCases)
  func `every gate goes by its word, the oracle by its own`(gate: EvaluatedGate) throws {
    #expect(EvaluatedGate(rawValue: gate.rawValue) == gate)
    #expect(try JSONDecoder().decode([EvaluatedGate].self, from: JSONEncoder().encode([gate])) == [gate])
    #expect(EvaluatedGate(rawValue: "oracles") == nil)
  }

  @Test func `a line of predictions has the fields that were agreed`() throws {
    let line = try evaluate(EvaluationSettings()).outcomes[7].line
    let json = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(Set(json.keys) == ["index", "label", "class", "probability", "expert", "block", "snr_db"])
    #expect(json["index"] as? Int == 7 && json["label"] as? Int == 3)
  }

  @Test func `the report has the fields that were agreed`() throws {
    let report = try evaluate(EvaluationSettings()).report
    let json = try #require(try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any])
    #expect(
      Set(json.keys) == [
        "images", "correct", "accuracy", "errors", "gate", "link", "top_k", "experts", "latency_us",
        "images_per_second", "delivered", "radio_per_image",
      ])
    #expect(json["images"] as? Int == 60 && json["gate"] as? String == "channel-aware")
    #expect((json["latency_us"] as? [String: Any])?.keys.sorted() == ["max", "p50", "p95", "p99"])
  }
}
