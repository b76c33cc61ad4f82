import Datasets
import Foundation
import MixtureOfExperts
import Radio
import Tensors
import Testing
import Training

@Suite struct StudyTests {
  private let images = squares(120)
  private let model: MixtureModel
  private let law = Law(meanDB: 8, stdDB: 5)

  init() throws {
    let data = try TrainingData(squares(240), validationCount: 40)
    model = try Stage2(
      smallRecipe(), model: Stage1(smallRecipe(), data: data).model(named: "squares", dataset: "folder"), data: data
    ).finishedModel()
  }

  private func measure(_ plan: StudyPlan, progress: (Int) -> Void = { _ in }) throws -> StudyMeasurement {
    let z = Latents.of(images, backbone: model.backbone, normalisation: model.description.normalisation)
    return try StudyMeasurement(
      model, digest: "d", latents: z, labels: images.labels, plan: plan, progress: progress)
  }

  private func plan(_ links: [StudyLink]) -> StudyPlan {
    StudyPlan(
      channelSeeds: [1, 2],
      conditions: [.init(law: law, links: links, gates: EvaluatedGate.allCases, topK: [1, 2])])
  }

  @Test(arguments: [StudyLink.analog, .digital(.raw), .digital(.erasure), .digital(.redispatch)])
  func `gates that share the air fare as each does alone`(link: StudyLink) throws {
    let study = try measure(plan([link])).study
    #expect(study.rows.count == 5 * 2 + 1)
    for row in study.rows {
      for (place, seed) in study.channelSeeds.enumerated() {
        var settings = EvaluationSettings(
          gate: row.gate, link: link.kind, topK: row.topK, configuration: law.configuration(seed: seed))
        settings.lossRule.policy = link.onDecodeFailure ?? .redispatch
        let alone = try Evaluation(model, settings, images: images)
        #expect(abs(row.accuracies[place] - 100 * alone.accuracy) < 1e-9, "\(row.gate), top \(row.topK)")
      }
    }
    if link.onDecodeFailure == .raw {
      let single = study.rows.filter { $0.topK == 1 && $0.gate != .oracle }
      #expect(single.allSatisfy { $0.radioPerImage.transmissions == 1 })
      #expect(study.rows.contains { $0.delivered < 100 })
    }
  }

  @Test func `nothing surpasses the oracle, and the channel-aware gate is compared with its rivals`() throws {
    var told: [Int] = []
    let plan = plan([.analog, .digitalOnce])
    let study = try measure(plan) { told.append($0) }.study
    #expect(told == Array(1...plan.runCount))
    for link in [StudyLink.analog, .digitalOnce] {
      let oracle = try #require(study.row(.oracle, over: link, under: law))
      for gate in EvaluatedGate.allCases {
        let row = try #require(study.row(gate, over: link, under: law))
        #expect(row.accuracy.mean <= oracle.accuracy.mean)
      }
      for rival in ["best-snr", "naive", Study.baseOnIdealLinks] {
        #expect(study.comparison(with: rival, over: link, topK: 2, under: law) != nil)
      }
      let aware = try #require(study.row(.channelAware, over: link, under: law))
      let loudest = try #require(study.row(.policy(.bestSNR), over: link, under: law))
      let difference = try #require(study.comparison(with: "best-snr", over: link, under: law))
      #expect(abs(difference.mean - (aware.accuracy.mean - loudest.accuracy.mean)) < 1e-9)
    }
    #expect(try JSONDecoder().decode(Study.self, from: JSONEncoder().encode(study)) == study)
  }

  @Test func `links with a memory are others for every image`() throws {
    let law = Law(
      meanDB: -8, stdDB: 5, settings: ["time-correlation": "clarke", "speed-m-s": "1", "carrier-hz": "2.4e9"])
    let plan = StudyPlan(
      channelSeeds: [1], conditions: [.init(law: law, links: [.analog], gates: [.policy(.bestSNR)])])
    let row = try #require(try measure(plan).study.row(.policy(.bestSNR), over: .analog, under: law))
    let z = Latents.of(images, backbone: model.backbone, normalisation: model.description.normalisation)
    func accuracy(baseStation: (Int) -> UInt32) throws -> Double {
      let right = try images.labels.indices.count { index in
        let settings = EvaluationSettings(
          gate: .policy(.bestSNR), link: .analog, baseStation: baseStation(index),
          configuration: law.configuration(seed: 1))
        return try Evaluator(model, settings).outcome(
          of: z.selectingRows([index]), index: index, label: images.labels[index]
        ).isCorrect
      }
      return 100 * Double(right) / Double(images.count)
    }
    #expect(try abs(row.accuracies[0] - accuracy { UInt32($0) }) < 1e-9)
    #expect(
      try abs(row.accuracies[0] - accuracy { _ in 0 }) > 1e-9, "nothing would be seen of one set of links for all")
  }

  @Test func `laws that differ have names of their own`() {
    let drones = Law(scenario: "uav")
    let after = Law(reference: .postFading, scenario: "uav")
    #expect(drones.name == "uav" && after.name == "uav, SNR after fading")
    #expect(Law(meanDB: 8, stdDB: 5).name == "N(8, 5²) dB before fading")
    func complaint(_ laws: Law...) -> String? {
      StudyPlan(channelSeeds: [1], conditions: laws.map { .init(law: $0, links: [.analog], gates: [.oracle]) })
        .firstViolation(under: "plan")
    }
    #expect(complaint(drones, after) == nil)
    #expect(
      complaint(drones, Law(title: "uav", meanDB: 8, stdDB: 5))
        == "plan.conditions: expected laws with names of their own, received two named uav")
  }

  @Test func `two models are compared on the same images and draws`() throws {
    let plan = StudyPlan(
      channelSeeds: [1], conditions: [.init(law: law, links: [.analog], gates: [.channelAware, .policy(.bestSNR)])])
    var first = try measure(plan)
    first.compare(with: try measure(plan), named: "itself")
    let ownLoudest = first.study.comparison(with: "best-snr", over: .analog, under: law)
    #expect(ownLoudest != nil)
    #expect(first.study.comparison(with: "itself", over: .analog, under: law) == ownLoudest)
  }

  @Test func `kinds of link go by their words`() throws {
    for word in ["ideal", "analog", "digital-raw", "digital-erasure", "digital-redispatch"] {
      let link = try #require(StudyLink(rawValue: word))
      #expect(String(decoding: try JSONEncoder().encode([link]), as: UTF8.self) == "[\"\(word)\"]")
    }
    #expect(StudyLink(rawValue: "digital") == nil)
    #expect(Law(meanDB: 5, stdDB: 2.5, reference: .postFading).name == "N(5, 2.5²) dB after fading")
  }
}
