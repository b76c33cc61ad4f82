import Foundation
import Layers
import MixtureOfExperts
import Radio
import Tensors
import Testing
import Training

@Suite struct UntrainedModelTests {
  @Test(arguments: [(BackboneKind.leNet5, 64, 100), (.resNet18, 2, 10), (.vit, 2, 100)])
  func `an untrained model is whole: it loads again, has every gate, and codes its latents`(
    backbone: BackboneKind, experts: Int, classes: Int
  ) throws {
    let folder = NSTemporaryDirectory() + "untrained-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let model = try MixtureModel(
      untrained: "new", backbone: backbone, expertCount: experts, classCount: classes, seed: 3)
    let written = try ModelBundle.write(model, to: folder)
    let loaded = try ModelBundle.loadAll(folder)
    #expect(loaded.description == written)
    #expect(loaded.experts.count == experts && loaded.description.classLabels.count == classes)
    #expect((loaded.head != nil) == backbone.hasHead)
    let z = Tensor(zeros: [1, backbone.latentCount])
    #expect(classScores(of: loaded.experts[0](z), by: loaded.head).shape == [1, classes])
    #expect(Set(loaded.gates.keys) == Set(GateKind.allCases))
    let codec = try loaded.description.latentCodec()
    let latent = [Float](repeating: 0.5, count: backbone.latentCount)
    let packet = try latent.withUnsafeBufferPointer { try codec.encode($0) }
    #expect(packet.informationByteCount > 0)
    #expect(loaded.description.powerScaling.isFinite && loaded.description.powerScaling > 0)
  }

  @Test func `the seed decides the weights`() throws {
    func weights(_ seed: UInt64) throws -> [String] {
      let model = try MixtureModel(untrained: "m", backbone: .leNet5, expertCount: 2, classCount: 10, seed: seed)
      return model.experts.flatMap { $0.namedTensors.map { "\($0.value)" } }
    }
    #expect(try weights(1) == weights(1))
    #expect(try weights(1) != weights(2))
  }
}
