import Datasets
import Digests
import Foundation
import Layers
import MixtureOfExperts
import Tensors
import Testing
import Training

/// Stage 1 that learns from a trained model.
@Suite struct TeacherTests {
  private let data: TrainingData
  private let model: MixtureModel

  init() throws {
    data = try TrainingData(squares(240), validationCount: 40)
    var stage = try Stage1(smallRecipe(), data: data)
    for step in 0..<stage.totalSteps { _ = stage.advance(step: step) }
    _ = stage.validate(epoch: 0)
    model = try stage.model(named: "trained", dataset: "folder")
  }

  private func images(_ normalisation: PixelNormalisation) -> Tensor {
    var x = Tensor(zeros: [20, 3, 32, 32])
    let pixels = Array(squares(20, seed: 9).pixels)
    x.withUnsafeMutableBufferPointer { x in
      pixels.withUnsafeBufferPointer { normalisation.normalise($0, into: x, imageCount: 20) }
    }
    return x
  }

  @Test(arguments: [Combination.logits, .probabilities])
  func `a teacher's scores are those of its mixture`(combination: Combination) throws {
    var model = model
    model.description.combination = combination
    let teacher = try Teacher(model, digest: anyFingerprint)
    let normalisation = model.description.normalisation
    let scores = teacher.scores(images(normalisation), normalisedBy: normalisation)
    let z = model.backbone(images(normalisation))
    let gate = try #require(model.gates[.base])
    let g = softmax(gate(z))
    let outputs = model.experts.map { $0(z) }
    for image in 0..<20 {
      var answers: [ExpertAnswer] = []
      let rows = outputs.map { $0.rows(image..<image + 1).scalars }
      let probabilities = [Float](unsafeUninitializedCapacity: 4) { probabilities, initialized in
        for k in rows.indices {
          rows[k].withUnsafeBufferPointer { row in
            answers.append(ExpertAnswer(expert: k, weight: g[image, k], scores: row))
          }
        }
        _ = combination.combine(&answers, into: probabilities)
        initialized = 4
      }
      let mine = softmax(scores.rows(image..<image + 1)).scalars
      for (mine, theirs) in zip(mine, probabilities) { #expect(abs(mine - theirs) < 1e-5) }
    }
  }

  @Test func `a teacher of another normalisation sees the same pictures`() throws {
    let teacher = try Teacher(model, digest: anyFingerprint)
    let own = model.description.normalisation
    let other = PixelNormalisation(mean: [0.1, 0.2, 0.7], deviation: [0.5, 0.1, 0.25])
    let expected = teacher.scores(images(own), normalisedBy: own)
    let scores = teacher.scores(images(other), normalisedBy: other)
    for (mine, theirs) in zip(scores.scalars, expected.scalars) { #expect(abs(mine - theirs) < 1e-3) }
  }

  @Test func `a student of the teacher alone learns its classes, whatever the labels say`() throws {
    // A teacher that takes each class for the next.
    var confused = model
    for k in confused.experts.indices {
      let last = confused.experts[k].layers.count - 1
      var layer = confused.experts[k].layers[last]
      let (weight, bias) = (layer.weight, try #require(layer.bias))
      layer.weight = weight.selecting([3, 0, 1, 2])
      layer.bias = bias.reshaped([4, 1]).selecting([3, 0, 1, 2]).reshaped([4])
      confused.experts[k].layers[last] = layer
    }
    var recipe = try smallRecipe()
    recipe.stage1.epochs = 6
    recipe.stage1.teacher = Distillation(weight: 1, temperature: 2)
    var stage = try Stage1(recipe, data: data, teacher: Teacher(confused, digest: anyFingerprint))
    var losses: [Double] = []
    for step in 0..<stage.totalSteps { losses.append(stage.advance(step: step)) }
    #expect(try #require(losses.last) < 0.3 * losses[0])
    #expect(stage.complaint(loss: losses[0], step: 0) == nil)
    let figures = stage.validate(epoch: 5)
    #expect(try #require(figures["base_accuracy"]) < 10)
    let z = Latents.of(
      data.validation, backbone: stage.network.backbone, normalisation: data.normalisation)
    let shifted = CleanFigures(
      z: z, labels: data.validation.labels.map { ($0 + 1) % 4 }, gate: stage.network.gate,
      experts: stage.network.experts, head: nil)
    #expect(shifted.baseAccuracy > 90)
  }

  @Test func `recipe and command agree on whether there is a teacher`() throws {
    var recipe = try smallRecipe()
    let teacher = try Teacher(model, digest: anyFingerprint)
    let without = try #require(throws: TrainingError.self) { try Stage1(recipe, data: data, teacher: teacher) }
    #expect(
      without.description
        == "stage1.teacher: expected weight and temperature, for --teacher names a model, received none")
    recipe.stage1.teacher = Distillation(weight: 0.5, temperature: 2)
    let missing = try #require(throws: TrainingError.self) { try Stage1(recipe, data: data) }
    #expect(
      missing.description
        == "--teacher: expected a model, for stage1.teacher has the network learn from one, received none")
  }

  private func complaint(_ folder: String, _ data: TrainingData) -> String {
    do {
      _ = try Teacher(folder: folder, for: data)
      return ""
    } catch { return "\(error)" }
  }

  @Test func `a teacher of other classes or other images is refused, and so is none`() throws {
    try withScratchFolder { folder in
      let path = folder + "/trained"
      try ModelBundle.write(model, to: path)
      let teacher = try Teacher(folder: path, for: data)
      #expect(try teacher.name == "trained" && teacher.digest == ModelBundle(folder: path).digest)
      let many = squares(240)
      func relabelled(_ names: [String]) throws -> TrainingData {
        try TrainingData(
          ImageSet(
            name: "others", shape: .cifar, classNames: names, labels: many.labels.map { $0 % names.count },
            pixels: many.pixels))
      }
      #expect(
        try complaint(path, relabelled(["a", "b"]))
          == "classes of teacher trained: expected 2, those of others without validation, received 4")
      #expect(
        try complaint(path, relabelled(["nw", "ne", "south", "se"]))
          == "classes of teacher trained: expected south, as in others without validation, received sw")
      let fewer = try TrainingData(squares(200))
      #expect(
        complaint(path, fewer)
          == "training images of teacher trained: expected squares without validation, digest "
          + "\(fewer.digest.hex.prefix(12)), received folder, digest \(data.digest.hex.prefix(12))")
      #expect(complaint(folder + "/none", data).contains("none/model.json"))
      var unrecorded = model
      unrecorded.description.training = nil
      try ModelBundle.write(unrecorded, to: path)
      #expect(complaint(path, data).hasSuffix("received no record of them"))
    }
  }

  @Test func `a run's fingerprint and its model's record name the teacher`() throws {
    var recipe = try smallRecipe()
    recipe.stage1.teacher = Distillation(weight: 0.5, temperature: 2)
    func fingerprint(_ teacher: SHA256Digest?) throws -> SHA256Digest {
      try recipe.fingerprint(recipe.stage1, data: data.digest, teacher: teacher)
    }
    #expect(try fingerprint(anyFingerprint) != fingerprint(nil))
    #expect(try fingerprint(anyFingerprint) != fingerprint(SHA256Digest.of([2])))
    recipe.stage1.epochs = 1
    var stage = try Stage1(recipe, data: data, teacher: Teacher(model, digest: anyFingerprint))
    _ = stage.advance(step: 0)
    _ = stage.validate(epoch: 0)
    let record = try stage.model(named: "student", dataset: "folder").description.training?.stage1?.hyperparameters
    #expect(record?["teacher.model"] == .text("trained \(anyFingerprint.hex)"))
    #expect(record?["teacher.weight"] == .number(0.5))
  }
}

extension Tensor {
  /// Some rows, in that order.
  fileprivate func selecting(_ rows: [Int]) -> Tensor { Tensor(stacking: rows.map { self.rows($0..<$0 + 1) }) }
}
