import Digests
import Foundation
import Layers
import MixtureOfExperts
import Radio
import Randomness
import Tensors
import Testing

/// Bundles whose channel-aware gate compares links and sees them directly.
@Suite struct GateBundleTests {
  private func model(seed: UInt64 = 1) -> MixtureModel {
    var model = untrainedModel(seed: seed)
    var generator = CounterGenerator(seed: seed, stream: 10)
    model.description.linkEncoding = .compared
    model.description.gateSeesLinksDirectly = true
    model.description.packetErrors = PacketErrorLaw(messageBits: 400)
    for kind in GateKind.allCases { model.gates[kind] = Gate(kind, of: model.description, using: &generator) }
    model.gates[.channelAware]?.directWeight = Tensor([1, 2, 3], shape: [3])
    return model
  }

  @Test func `a bundle tells what its gate sees, and has it as it was`() throws {
    try withTemporaryFolder { folder in
      let stored = try ModelBundle.write(model(), to: folder + "/model")
      #expect(stored.formatVersion == 2)
      let loaded = try ModelBundle.loadAll(folder + "/model")
      #expect(loaded.description == stored)
      #expect(loaded.stateDictValues == model().stateDictValues)
      #expect(loaded.gates[.channelAware]?.directWeight == Tensor([1, 2, 3], shape: [3]))
      #expect(loaded.gates[.base]?.directWeight == nil && loaded.gates[.naive]?.directWeight == nil)
      let router = try Router(
        .channelAware, gates: loaded.gates, description: loaded.description, link: .digital, baseStation: 0, seed: 0)
      let links = [12, 3, 7].map { LinkState.known(snrDB: $0) }
      let all = ExpertSet.all(3)
      let z = noise([1, 120])
      let codes = loaded.description.linkView(links, eligible: [all], isDigital: [true])
      let gate = try #require(model().gates[.channelAware])
      let logits = gate(z, linkEncoding: codes)
      #expect(
        router.route(z, links: links, eligible: [all], tags: [0]).best(image: 0) == logits.argmaxOfRows.first)
    }
  }

  @Test(arguments: [
    (#""reach" : 30"#, #""reach" : 0"#, "linkEncoding: expected finite numbers, scales above 0"),
    (#""scale" : 25"#, #""scale" : -25"#, "linkEncoding: expected finite numbers, scales above 0"),
    (#""bestCeiling" : 40"#, #""bestCeiling" : -20"#, "linkEncoding: expected finite numbers, scales above 0"),
    (#""ceiling" : 30"#, #""ceiling" : "high""#, "linkEncoding.compared.ceiling: expected Float"),
    (#""formatVersion" : 2"#, #""formatVersion" : 1"#, "formatVersion: expected 2, received 1"),
    (#""gateSeesLinksDirectly" : true"#, #""gateSeesLinksDirectly" : false"#, "direct.weight"),
  ])
  func `a bundle whose gate cannot be is refused, and the field is named`(
    field: String, wrong: String, message: String
  ) throws {
    try withTemporaryFolder { folder in
      try ModelBundle.write(model(), to: folder + "/model")
      try replace(field, by: wrong, in: folder + "/model/model.json")
      #expect {
        _ = try ModelBundle.loadAll(folder + "/model")
      } throws: { "\($0)".contains(message) }
    }
  }
}
