import Foundation
import Layers
import MixtureOfExperts
import Tensors
import Testing

@Suite struct StateDictTests {
  private static let parts: [ModelPart?] = [nil, .backbone, .gate(.base), .gate(.channelAware), .expert(2)]

  @Test(arguments: parts) func `what is exported and imported again leaves the model's digest as it was`(
    part: ModelPart?
  ) throws {
    try withTemporaryFolder { folder in
      try ModelBundle.write(untrainedModel(), to: folder + "/model")
      let before = try ModelBundle(folder: folder + "/model").digest
      try ModelBundle.loadAll(folder + "/model").stateDict(of: part).write(to: folder + "/weights")
      var model = try ModelBundle.loadAll(folder + "/model")
      try model.load(Safetensors.read(folder + "/weights"), from: "weights", part: part)
      try ModelBundle.write(model, to: folder + "/model")
      #expect(try ModelBundle(folder: folder + "/model").digest == before)
    }
  }

  @Test(arguments: parts) func `weights move from one model to another`(part: ModelPart?) throws {
    let source = untrainedModel(seed: 1)
    var target = untrainedModel(seed: 2)
    try target.load(source.stateDict(of: part), from: "weights", part: part)
    let moved = try target.stateDict(of: part).tensors
    let given = try source.stateDict(of: part).tensors
    #expect(moved.map(\.name) == given.map(\.name) && moved.map(\.value) == given.map(\.value))
    let untouched = ModelPart.expert(0)
    guard part != nil else { return }
    let (rest, old) = (try target.stateDict(of: untouched), try untrainedModel(seed: 2).stateDict(of: untouched))
    #expect(rest.tensors.map(\.value) == old.tensors.map(\.value))
  }

  @Test func `names are those of a PyTorch module with a backbone, gates and experts`() throws {
    let names = try untrainedModel(gates: [.base, .channelAware]).stateDict().tensors.map(\.name)
    #expect(names.first == "backbone.conv1.weight" && names.last == "experts.2.fc2.bias")
    #expect(names.contains("gates.base.fc1.weight") && names.contains("gates.channel-aware.fc2.bias"))
    #expect(!names.contains { $0.hasPrefix("gates.naive") })
    #expect(try untrainedModel().stateDict(of: .expert(1)).tensors.map(\.name).first == "fc1.weight")
  }

  @Test func `a prefix takes one part out of a larger file`() throws {
    let whole = try untrainedModel(seed: 1).stateDict()
    var target = untrainedModel(seed: 2)
    try target.load(whole, from: "weights", part: .backbone, prefix: "backbone.")
    #expect(target.backbone.namedTensors[0].value == whole["backbone.conv1.weight"])
  }

  @Test func `all that disagrees is named in one line, and the model stays as it was`() throws {
    var file = try untrainedModel(seed: 1).stateDict()
    file.tensors.removeAll { $0.name == "experts.1.fc1.bias" || $0.name == "backbone.conv2.weight" }
    file.tensors.append(("head.weight", Tensor(zeros: [3])))
    let place = try #require(file.tensors.firstIndex { $0.name == "gates.naive.fc2.bias" })
    file.tensors[place].value = Tensor(zeros: [7])
    var model = untrainedModel(seed: 2)
    let before = try model.stateDict().tensors.map(\.value)
    let error = #expect(throws: ModelBundleError.self) { try model.load(file, from: "w.safetensors") }
    #expect(
      try #require(error).description
        == "w.safetensors: missing: backbone.conv2.weight, experts.1.fc1.bias; unexpected: head.weight; "
        + "wrong shape: gates.naive.fc2.bias (expected [3], received [7])")
    #expect(try model.stateDict().tensors.map(\.value) == before)
  }

  @Test func `numbers that are none, and parts that the model lacks, are refused by name`() throws {
    var model = untrainedModel(gates: [.base])
    var file = try model.stateDict(of: .expert(0))
    file.tensors[1].value[0] = .nan
    let broken = #expect(throws: ModelBundleError.self) { try model.load(file, from: "w", part: .expert(0)) }
    #expect(try #require(broken).description == "w: tensor fc1.bias: expected finite numbers, received others")
    #expect(throws: ModelBundleError.noSuchGate(model: "untrained", kind: .naive, available: [.base])) {
      try model.load(file, from: "w", part: .gate(.naive))
    }
    #expect(throws: ModelBundleError.noSuchExpert(folder: "untrained", index: 3, count: 3)) {
      _ = try model.stateDict(of: .expert(3))
    }
  }

  @Test func `parts go by the names of their files`() {
    for part in [ModelPart.backbone, .gate(.naive), .gate(.channelAware), .expert(0), .expert(63)] {
      #expect(ModelPart("\(part)") == part)
      #expect(part.file == "\(part).safetensors")
    }
    for name in ["", "tail", "gate-", "gate-best", "expert-", "expert-x", "expert-01", "expert--1", "expert-1-2"] {
      #expect(ModelPart(name) == nil, "\(name)")
    }
  }
}
