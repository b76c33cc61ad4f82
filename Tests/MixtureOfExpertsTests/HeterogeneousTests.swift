import Digests
import Foundation
import Layers
import MixtureOfExperts
import Randomness
import Tensors
import Testing

/// Models whose experts differ in width and depth, or whose gates have hidden layers of their own.
@Suite struct HeterogeneousTests {
  private static let widths = [[], [20], [112, 48]]

  private func model(seed: UInt64 = 1, gateHidden: [Int]? = nil) -> MixtureModel {
    var model = untrainedModel(seed: seed)
    var generator = CounterGenerator(seed: seed, stream: 9)
    model.description.expertHiddenWidths = Self.widths
    model.experts = Self.widths.map {
      Expert(expertFor: .leNet5, hidden: $0, outputCount: 4, using: &generator)
    }
    if let gateHidden {
      model.description.setGateHiddenWidths(gateHidden, of: [.channelAware])
      model.gates[.channelAware] = Gate(
        .channelAware, for: .leNet5, hidden: gateHidden, expertCount: 3, using: &generator)
    }
    return model
  }

  @Test func `a bundle says each expert's layers, and every expert loads from its own file alone`() throws {
    try withTemporaryFolder { folder in
      let model = model(gateHidden: [16, 8])
      let stored = try ModelBundle.write(model, to: folder + "/model")
      #expect(stored.formatVersion == 2)
      let loaded = try ModelBundle.loadAll(folder + "/model")
      #expect(loaded.description == stored)
      #expect(loaded.stateDictValues == model.stateDictValues)
      #expect(loaded.gates[.channelAware]?.network.layers.count == 3 && loaded.gates[.base]?.network.layers.count == 2)
      for k in 0..<3 {
        try FileManager.default.createDirectory(atPath: folder + "/edge\(k)", withIntermediateDirectories: true)
        for file in ["model.json", "expert-\(k).safetensors"] {
          try FileManager.default.copyItem(atPath: folder + "/model/" + file, toPath: folder + "/edge\(k)/" + file)
        }
        let expert = try ModelBundle.loadExpert(k, folder + "/edge\(k)").expert
        #expect(expert.layers.map(\.weight.shape[0]) == Self.widths[k] + [4])
        let z = noise([5, 120])
        #expect(expert(z).scalars == model.experts[k](z).scalars)
      }
    }
  }

  @Test func `multiply-adds are the weights of an expert's layers`() {
    #expect(model().description.expertMultiplyAdds == [120 * 4, 120 * 20 + 20 * 4, 120 * 112 + 112 * 48 + 48 * 4])
    #expect(untrainedModel().description.expertMultiplyAdds == [Int](repeating: 120 * 84 + 84 * 4, count: 3))
    for (k, count) in model().description.expertMultiplyAdds.enumerated() {
      let weights = model().experts[k].namedTensors.filter { $0.name.hasSuffix("weight") }
      #expect(count == weights.reduce(0) { $0 + $1.value.count })
    }
  }

  @Test(arguments: [
    (#"\[\s*\[\s*\],\s*\[\s*20\s*\],"#, "[[20],", "expertHiddenWidths: expected 3 lists, one an expert, received 2"),
    (#"\b112\b"#, "0", "expertHiddenWidths.2: expected widths from 1 to 8192, received 0"),
    (#"\b48\b"#, "9000", "expertHiddenWidths.2: expected widths from 1 to 8192, received 9000"),
    (#"\b48\b"#, "1,2,3,4,5,6,7,8", "expertHiddenWidths.2: expected 0 to 8 hidden layers, received 9"),
    (#"\b48\b"#, "\"wide\"", "expertHiddenWidths.2.1: expected Int"),
    (#""formatVersion" : 2"#, "\"formatVersion\" : 1", "formatVersion: expected 2, received 1"),
    (#""channel-aware" : \["#, "\"aware\" : [", "gateHiddenWidths: expected one of base, naive, channel-aware"),
    (#"\b16\b"#, "-1", "gateHiddenWidths.channel-aware: expected widths from 1 to 8192, received -1"),
  ])
  func `a description whose layers cannot be is refused, and the field is named`(
    field: String, wrong: String, message: String
  ) throws {
    try withTemporaryFolder { folder in
      try ModelBundle.write(model(gateHidden: [16]), to: folder + "/model")
      try replace(field, by: wrong, in: folder + "/model/model.json")
      #expect {
        _ = try ModelBundle(folder: folder + "/model")
      } throws: { "\($0)".contains(message) && !"\($0)".contains("\n") }
    }
  }

  @Test func `weights of another shape than the description says are refused by the tensor's name`() throws {
    try withTemporaryFolder { folder in
      try ModelBundle.write(model(), to: folder + "/model")
      try replace(#"\b20\b"#, by: "21", in: folder + "/model/model.json")
      #expect {
        _ = try ModelBundle.loadExpert(1, folder + "/model")
      } throws: { "\($0)".contains("expert-1.safetensors") && "\($0)".contains("fc1.weight") }
      #expect(try ModelBundle.loadExpert(2, folder + "/model").index == 2)
    }
  }

  @Test func `weights are exported and imported by each expert's own shape`() throws {
    let source = model(seed: 1)
    var target = model(seed: 2)
    try target.load(source.stateDict(), from: "weights")
    #expect(target.stateDictValues == source.stateDictValues)
    #expect(try source.stateDict(of: .expert(2)).tensors.map(\.name).last == "fc3.bias")
    let before = target.stateDictValues
    let other = try source.stateDict(of: .expert(1))
    #expect(throws: ModelBundleError.self) { try target.load(other, from: "weights", part: .expert(2)) }
    #expect(target.stateDictValues == before)
  }

  @Test func `models without layers of their own keep their format and their digests`() throws {
    #expect(untrainedModel().description.formatVersion == 1)
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Models")
    let shipped = [
      "lenet5-cifar10-k8-paper", "lenet5-cifar10-k8-robust", "resnet18-cifar10-k8-robust", "vit-cifar100-k8-robust",
    ]
    for name in shipped {
      let bundle = try ModelBundle(folder: root.appendingPathComponent(name).path)
      #expect(try SHA256Digest.of(bundle.description.encoded()) == bundle.digest, "\(name)")
    }
  }

  @Test func `a price of computation prefers a cheaper expert, the more the higher it is`() {
    let routing = Routing(logits: [0, 2, 3], eligible: [.all(3)], expertCount: 3)
    let counts = [1_000_000, 2_000_000, 4_000_000]
    func choice(_ price: Float, among experts: ExpertSet = .all(3)) -> Int? {
      let penalties = ComputePrice(perMillion: price).penalties(counts)
      return routing.next(image: 0, among: experts, penalties: penalties)
    }
    // ln g differs by 1 and 2, computation by 2 and 1 million.
    #expect([0, 0.49, 0.51, 1.9, 2.1].map { choice($0) } == [2, 2, 1, 1, 0])
    #expect(choice(2.1, among: ExpertSet([1, 2])) == 1)
    #expect(ComputePrice.none.penalties(counts) == nil)
  }
}
