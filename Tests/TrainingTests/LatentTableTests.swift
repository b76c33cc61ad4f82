import Foundation
import MixtureOfExperts
import Radio
import Randomness
import Tensors
import Testing
import Training

@Suite struct LatentTableTests {
  private let data: TrainingData

  init() throws {
    data = try TrainingData(squares(240), validationCount: 40)
  }

  private func firstModel() throws -> MixtureModel {
    try Stage1(smallRecipe(), data: data).model(named: "squares", dataset: "folder")
  }

  @Test func `stage 1's model has the table of its training latents, which is shorter than 8 bits a value`() throws {
    let model = try firstModel()
    let z = Latents.of(data.training, backbone: model.backbone, normalisation: model.description.normalisation)
    #expect(try model.description.latentTable == LatentTable(fittedTo: z))
    let codec = try model.description.latentCodec()
    let bits = try z.withUnsafeBufferPointer { z in
      try stride(from: 0, to: z.count, by: 120).reduce(0) { sum, row in
        try sum + codec.encode(UnsafeBufferPointer(rebasing: z[row..<row + 120])).informationByteCount * 8
      }
    }
    #expect(Double(bits) / Double(z.count) < 8)
  }

  @Test func `stage 2 gives a table to a model that has none, and leaves one that is there`() throws {
    let model = try firstModel()
    var bare = model
    bare.description.latentTable = nil
    #expect(
      try Stage2(smallRecipe(), model: bare, data: data).finishedModel().description.latentTable
        == model.description.latentTable)
    var other = model
    other.description.latentTable = LatentTable(.uniform)
    #expect(
      try Stage2(smallRecipe(), model: other, data: data).finishedModel().description.latentTable
        == other.description.latentTable)
  }

  @Test func `a table is fitted to values quantised vector by vector`() throws {
    // Each row has the values 0, 1, 2 and 255 whatever its range; all other values are one smoothing count.
    let z = Tensor([2_000, 4]) { z in
      for i in z.indices { z[i] = [0, 1, 2, 255][i % 4] * Float(1 + i / 4) }
    }
    let lengths = try LatentTable(fittedTo: z).code.lengths
    #expect([0, 1, 2, 255].allSatisfy { lengths[$0] <= 3 })
    #expect(lengths[3...254].allSatisfy { $0 > 8 })
  }

  @Test func `latents that are not finite have no table`() {
    #expect(throws: LatentEncodingError.self) {
      _ = try LatentTable(fittedTo: Tensor([2, 4]) { z in for i in z.indices { z[i] = i == 5 ? .infinity : 0 } })
    }
  }
}

@Suite struct MeasuredLatentsTests {
  @Test func `p, the latents' mean and their code are measured again for another backbone`() throws {
    let images = squares(60)
    var model = try MixtureModel(untrained: "m", backbone: .leNet5, expertCount: 2, classCount: 4, seed: 1)
    let other = try MixtureModel(untrained: "m", backbone: .leNet5, expertCount: 2, classCount: 4, seed: 2)
    try model.load(other.stateDict(of: .backbone), from: "other", part: .backbone)
    let before = model.description
    try model.measureLatents(over: images)
    let z = Latents.of(images, backbone: model.backbone, normalisation: before.normalisation)
    let power = z.scalars.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(z.count)
    #expect(abs(Double(model.description.powerScaling) * power.squareRoot() - 1) < 1e-5)
    #expect(model.description.powerScaling != before.powerScaling)
    #expect(model.description.latentMean != before.latentMean)
    #expect(model.description.latentTable != before.latentTable)
    #expect(model.description.normalisation == before.normalisation)
  }
}
