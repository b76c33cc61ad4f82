import Datasets
import Digests
import Foundation
import Layers
import MixtureOfExperts
import Tensors
import Testing
import Training

@Suite struct TrainingRunTests {
  private let data: TrainingData

  init() throws {
    data = try TrainingData(squares(240), validationCount: 40)
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "moe-training-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func train<Stage: TrainingStage>(
    _ stage: inout Stage, in folder: String?, stoppingAfter stop: Int? = nil, rehearses: Bool = false
  ) throws -> (TrainingRun.Outcome, Recorder) {
    let recorder = Recorder()
    recorder.stopsAfter = stop
    let outcome = try TrainingRun(folder: folder, fingerprint: anyFingerprint, rehearses: rehearses)(
      &stage, observer: recorder, isInterrupted: { recorder.isInterrupted })
    return (outcome, recorder)
  }

  private func metrics(in folder: String) throws -> [[String: Double]] {
    try String(contentsOfFile: folder + "/metrics.jsonl", encoding: .utf8).split(separator: "\n").map { line in
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      return object.compactMapValues { $0 as? Double }
    }
  }

  private func withoutTimes(_ epoch: [String: Double]) -> [String: Double] {
    epoch.filter { $0.key != "seconds" && $0.key != "images_per_second" }
  }

  private func firstModel() throws -> MixtureModel {
    var stage = try Stage1(smallRecipe(), data: data)
    _ = try train(&stage, in: nil)
    return try stage.model(named: "squares", dataset: "folder")
  }

  private func expectEqual(_ a: some TrainingStage, _ b: some TrainingStage) {
    #expect(a.tensors.map(\.name) == b.tensors.map(\.name))
    for (x, y) in zip(a.tensors, b.tensors) { #expect(x.value == y.value, "\(x.name)") }
    #expect(a.best == b.best)
  }

  @Test func `stage 1 learns, and the mixture beats chance by far`() throws {
    var stage = try Stage1(smallRecipe(), data: data)
    let (outcome, recorder) = try train(&stage, in: nil)
    #expect(outcome == .finished)
    #expect(recorder.reports.count == 4)
    #expect(try #require(stage.best[Stage1.choice]).accuracy > 90)
  }

  @Test(arguments: [Precision.fp32, .bf16])
  func `a vision transformer can be trained by both stages, and its head comes along`(precision: Precision) throws {
    var recipe = try smallRecipe()
    recipe.backbone = .vit
    recipe.stage1.batchSize = 16
    recipe.stage1.stochasticDepth = 0.5
    recipe.stage1.precision = precision
    var stage = try Stage1(recipe, data: data)
    #expect(try stage.rehearse().contains("images can be learnt by heart"))
    let untrained = stage.network.head?.weight
    #expect(stage.advance(step: 0).isFinite && stage.network.head?.weight != untrained)
    _ = stage.validate(epoch: 0)
    let model = try stage.model(named: "squares", dataset: "folder")
    #expect(model.head?.weight == stage.network.head?.weight && model.description.outputCount == 384)
    var second = try Stage2(recipe, model: model, data: data)
    #expect(second.advance(step: 0).isFinite)
  }

  @Test(arguments: [1, 6, 13])
  func `stage 1 resumed at any step ends bit-equal to a run without a break`(stop: Int) throws {
    var whole = try Stage1(smallRecipe(), data: data)
    _ = try train(&whole, in: nil)
    try withFolder { folder in
      var first = try Stage1(smallRecipe(), data: data)
      #expect(try train(&first, in: folder, stoppingAfter: stop).0 == .interrupted)
      var second = try Stage1(smallRecipe(), data: data)
      let (outcome, recorder) = try train(&second, in: folder)
      #expect(outcome == .finished && recorder.wasResumed)
      expectEqual(second, whole)
      let epochs = try metrics(in: folder)
      #expect(epochs.count == 4)
      var (again, other) = (try Stage1(smallRecipe(), data: data), NSTemporaryDirectory() + "moe-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(atPath: other) }
      _ = try train(&again, in: other)
      #expect(try metrics(in: other).map(withoutTimes) == epochs.map(withoutTimes))
      #expect(epochs.allSatisfy { ($0["images_per_second"] ?? 0) > 0 && ($0["seconds"] ?? 0) > 0 })
    }
  }

  @Test func `pairs, dropout and the average of the weights resume bit-equal too, and learn`() throws {
    var recipe = try smallRecipe()
    recipe.stage1.pairs = PairMixing(mixup: 0.2, cutmix: 1, share: 0.5)
    recipe.stage1.dropout = 0.2
    recipe.stage1.averageDecay = 0.8
    var whole = try Stage1(recipe, data: data)
    let reports = try train(&whole, in: nil).1.reports
    #expect(reports.allSatisfy { $0.figures["averaged_base_accuracy"] != nil })
    #expect(try #require(whole.best[Stage1.choice]).accuracy > 90)
    let averaged = whole.tensors.filter { $0.name.hasPrefix("average.") }
    #expect(averaged.count == whole.network.namedTensors.count)
    try withFolder { folder in
      var first = try Stage1(recipe, data: data)
      #expect(try train(&first, in: folder, stoppingAfter: 9).0 == .interrupted)
      var second = try Stage1(recipe, data: data)
      _ = try train(&second, in: folder)
      expectEqual(second, whole)
    }
    func trained(without change: (inout Recipe.Stage1) -> Void) throws -> Tensor {
      var other = recipe
      change(&other.stage1)
      other.stage1.epochs = 1
      var stage = try Stage1(other, data: data)
      _ = try train(&stage, in: nil)
      return stage.network.namedTensors[0].value
    }
    let all = try trained { _ in }
    #expect(try trained { $0.pairs = nil } != all)
    #expect(try trained { $0.dropout = nil } != all)
    #expect(try trained { $0.averageDecay = nil } == all)
  }

  @Test func `a vision transformer with all that its recipe has resumes bit-equal`() throws {
    let teacher = try Teacher(firstModel(), digest: anyFingerprint)
    var recipe = try smallRecipe()
    recipe.backbone = .vit
    recipe.stage1.epochs = 2
    recipe.stage1.batchSize = 10
    recipe.stage1.optimiser.kind = .muon
    recipe.stage1.optimiser.decaysBiases = false
    recipe.stage1.optimiser.warmUpShare = 0.1
    recipe.stage1.optimiser.clipNorm = 1
    recipe.stage1.augmentation.randAugment = RandAugment(operations: 2, magnitude: 9)
    recipe.stage1.pairs = PairMixing(mixup: 0.8, cutmix: 1, share: 0.5)
    recipe.stage1.teacher = Distillation(weight: 0.9, temperature: 4)
    recipe.stage1.stochasticDepth = 0.1
    recipe.stage1.patchDropout = Recipe.PatchDropoutSettings(rate: 0.5, wholeEpochs: 1)
    recipe.stage1.precision = .bf16
    recipe.stage1.averageDecay = 0.999
    // So few images because the portable kernels take their time.
    let data = try TrainingData(squares(40), validationCount: 20)
    var whole = try Stage1(recipe, data: data, teacher: teacher)
    #expect(whole.subject.last?.value == "squares, weight 0.9 at temperature 4.0")
    _ = try train(&whole, in: nil)
    try withFolder { folder in
      var first = try Stage1(recipe, data: data, teacher: teacher)
      #expect(try train(&first, in: folder, stoppingAfter: 2).0 == .interrupted)
      var second = try Stage1(recipe, data: data, teacher: teacher)
      #expect(try train(&second, in: folder).1.wasResumed)
      expectEqual(second, whole)
    }
    func trained(without change: (inout Recipe.Stage1) -> Void) throws -> Tensor {
      var other = recipe
      change(&other.stage1)
      var stage = try Stage1(other, data: data, teacher: other.stage1.teacher == nil ? nil : teacher)
      for step in 0..<2 { _ = stage.advance(step: step) }
      return stage.network.namedTensors[0].value
    }
    let all = try trained { _ in }
    #expect(try trained { $0.augmentation.randAugment = nil } != all)
    #expect(try trained { $0.teacher = nil } != all)
    #expect(try trained { $0.optimiser.clipNorm = nil } != all)
    #expect(try trained { $0.optimiser.warmUpShare = nil } != all)
    #expect(try trained { $0.optimiser.kind = .adamW } != all)
    #expect(try trained { $0.patchDropout?.rate = 0.25 } != all)
    // In the last epochs every token is seen.
    #expect(try trained { $0.patchDropout?.wholeEpochs = 2 } == trained { $0.patchDropout = nil })
  }

  @Test func `a batch beyond the data is refused by the recipe's field`() throws {
    var recipe = try smallRecipe()
    recipe.stage1.batchSize = 201
    let error = #expect(throws: TrainingError.self) { _ = try Stage1(recipe, data: data) }
    #expect(
      try #require(error).description
        == "stage1.batchSize: expected 1 to 200, the number of training images, received 201")
  }

  @Test func `stage 2 resumed ends bit-equal too`() throws {
    let model = try firstModel()
    var whole = try Stage2(try smallRecipe(), model: model, data: data)
    _ = try train(&whole, in: nil)
    try withFolder { folder in
      var first = try Stage2(try smallRecipe(), model: model, data: data)
      _ = try train(&first, in: folder, stoppingAfter: 5)
      var second = try Stage2(try smallRecipe(), model: model, data: data)
      _ = try train(&second, in: folder)
      expectEqual(second, whole)
    }
  }

  @Test func `stage 2 leaves backbone and experts alone, and the aware gate learns to avoid bad links`() throws {
    let model = try firstModel()
    var recipe = try smallRecipe()
    recipe.stage2.epochs = 30
    var stage = try Stage2(recipe, model: model, data: data)
    _ = try train(&stage, in: nil)
    let finished = try stage.finishedModel()
    #expect(finished.backbone.namedTensors.map(\.value) == model.backbone.namedTensors.map(\.value))
    for (a, b) in zip(finished.experts, model.experts) {
      #expect(a.namedTensors.map(\.value) == b.namedTensors.map(\.value))
    }
    #expect(Set(finished.gates.keys) == Set(GateKind.allCases))
    let figures = try #require(finished.description.training?.stage2?.validation)
    #expect(try #require(figures["analog_channel_aware"]) > #require(figures["analog_naive"]))
  }

  @Test func `each gate's gradient is cut by itself, and each gate's loss is watched`() throws {
    var recipe = try smallRecipe()
    recipe.stage2.optimiser.kind = .sgd
    recipe.stage2.optimiser.weightDecay = 0
    recipe.stage2.optimiser.peakLearningRate = 5
    recipe.stage2.optimiser.clipNorm = 0.01
    var stage = try Stage2(recipe, model: firstModel(), data: data)
    func weights(_ gate: Gate) -> [Float] { gate.namedTensors.flatMap(\.value.scalars) }
    func norm(_ after: Gate, _ before: Gate) -> Float {
      zip(weights(after), weights(before)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
    let before = stage.gates
    let loss = stage.advance(step: 0)
    let steps = (norm(stage.gates.channelAware, before.channelAware), norm(stage.gates.naive, before.naive))
    #expect(steps.0 > 0 && abs(steps.0 - steps.1) < 0.05 * steps.0, "\(steps)")
    #expect(stage.complaint(loss: loss, step: 0) == nil)
    #expect(stage.complaint(loss: .nan, step: 0)?.contains("channel-aware gate is nan") == true)

    let spoilt = stage.tensors.map { name, value in
      (name: name, value: name.hasPrefix("gates.naive.") ? Tensor(repeating: .nan, shape: value.shape) : value)
    }
    try stage.restore(Safetensors(spoilt))
    let next = stage.advance(step: 1)
    #expect(next.isFinite && stage.complaint(loss: next, step: 1)?.contains("naive gate is nan") == true)
  }

  @Test func `one expert copied K times is a model of K equal experts, all the same to the gate`() throws {
    var recipe = try smallRecipe()
    recipe.stage1.copiesOneExpert = true
    var stage = try Stage1(recipe, data: data)
    _ = try train(&stage, in: nil)
    let model = try stage.model(named: "copies", dataset: "squares")
    #expect(model.experts.count == 3 && model.description.expertCount == 3)
    for expert in model.experts {
      #expect(expert.namedTensors.map(\.value) == model.experts[0].namedTensors.map(\.value))
    }
    let gate = try #require(model.gates[.base])
    let scores = gate(Tensor(repeating: 0.3, shape: [2, 120]))
    #expect(scores.shape == [2, 3])
    #expect(scores.scalars == [Float](repeating: scores.scalars[0], count: 6))
    let accuracy = try #require(model.description.training?.stage1?.validation["base_accuracy"])
    #expect(accuracy > 90)
  }

  @Test func `equal seeds give equal weights, another seed others`() throws {
    var recipe = try smallRecipe()
    recipe.stage1.epochs = 1
    var (a, b) = (try Stage1(recipe, data: data), try Stage1(recipe, data: data))
    recipe.stage1.seed = 99
    var c = try Stage1(recipe, data: data)
    _ = try train(&a, in: nil)
    _ = try train(&b, in: nil)
    _ = try train(&c, in: nil)
    expectEqual(a, b)
    #expect(a.tensors[0].value != c.tensors[0].value)
  }

  @Test func `a checkpoint of another run is refused, and restarting discards it`() throws {
    try withFolder { folder in
      var first = try Stage1(smallRecipe(), data: data)
      _ = try train(&first, in: folder, stoppingAfter: 2)
      var second = try Stage1(smallRecipe(), data: data)
      let recorder = Recorder()
      recorder.stopsAfter = 3
      let other = SHA256Digest.of([2])
      #expect(throws: TrainingError.self) {
        _ = try TrainingRun(folder: folder, fingerprint: other)(
          &second, observer: recorder, isInterrupted: { recorder.isInterrupted })
      }
      let outcome = try TrainingRun(folder: folder, fingerprint: other, restarts: true)(
        &second, observer: recorder, isInterrupted: { recorder.isInterrupted })
      #expect(outcome == .interrupted && !recorder.wasResumed)
    }
  }

  @Test func `a rehearsal changes nothing, and a resumed run has none`() throws {
    var plain = try Stage1(smallRecipe(), data: data)
    _ = try train(&plain, in: nil)
    try withFolder { folder in
      var first = try Stage1(smallRecipe(), data: data)
      let findings = try train(&first, in: folder, stoppingAfter: 3, rehearses: true).1.findings
      #expect(findings.count == 1 && findings[0].hasPrefix("16 images can be learnt by heart: loss "))
      var second = try Stage1(smallRecipe(), data: data)
      #expect(try train(&second, in: folder, rehearses: true).1.findings.isEmpty)
      expectEqual(second, plain)
    }
  }

  @Test func `equal pictures of different classes are found out before the first step`() throws {
    let picture = Array(squares(1).pixels)
    let labels = (0..<80).map { $0 % 4 }
    let images = ImageSet(
      name: "copies", shape: .cifar, classNames: ["a", "b", "c", "d"], labels: labels,
      pixels: labels.flatMap { _ in picture })
    var stage = try Stage1(smallRecipe(), data: TrainingData(images))
    let error = #expect(throws: TrainingError.self) { _ = try train(&stage, in: nil, rehearses: true) }
    #expect(try #require(error).description.hasPrefix("data: 16 images cannot be learnt by heart: loss "))
  }

  @Test func `stage 2 wants experts that know something, and data of the model's classes`() throws {
    var model = try firstModel()
    #expect(try Stage2(smallRecipe(), model: model, data: data).rehearse().contains("on an ideal link"))
    for k in model.experts.indices {
      model.experts[k].updateParameters { _, _, value in value = Tensor(zeros: value.shape) }
    }
    let stage = try Stage2(smallRecipe(), model: model, data: data)
    let error = #expect(throws: TrainingError.self) { _ = try stage.rehearse() }
    #expect(try #require(error).description.contains("stage 1 first"))
    let fewer = squares(120)
    let two = ImageSet(
      name: "two", shape: .cifar, classNames: ["a", "b"], labels: fewer.labels.map { $0 % 2 }, pixels: fewer.pixels)
    let mismatch = #expect(throws: TrainingError.self) {
      _ = try Stage2(smallRecipe(), model: model, data: TrainingData(two))
    }
    #expect(
      try #require(mismatch).description
        == "classes of two without validation: expected 4, those of model squares, received 2")
    let others = ImageSet(
      name: "others", shape: .cifar, classNames: ["nw", "ne", "s", "se"], labels: fewer.labels, pixels: fewer.pixels)
    let stranger = #expect(throws: TrainingError.self) {
      _ = try Stage2(smallRecipe(), model: model, data: TrainingData(others))
    }
    let told = "classes of others without validation: expected sw, as in model squares, received s"
    #expect(try #require(stranger).description == told)
    let evaluation = #expect(throws: TrainingError.self) {
      _ = try Evaluation(model, EvaluationSettings(gate: .policy(.base)), images: others)
    }
    #expect(try #require(evaluation).description == told.replacing(" without validation", with: ""))
    var unrecorded = model
    unrecorded.description.training = nil
    #expect(throws: TrainingError.self) {
      _ = try Evaluation(unrecorded, EvaluationSettings(gate: .policy(.base)), images: others)
    }
    unrecorded.description.classLabels = (0..<4).map { "class \($0)" }
    #expect(throws: Never.self) {
      _ = try Evaluation(unrecorded, EvaluationSettings(gate: .policy(.base)), images: others)
    }
  }

  @Test func `stage 2 goes on where it has too few images, or too like ones, to see what experts know`() throws {
    let model = try firstModel()
    func finding(_ data: TrainingData) throws -> String {
      var recipe = try smallRecipe()
      recipe.stage2.batchSize = 8
      return try Stage2(recipe, model: model, data: data).rehearse()
    }
    let few = "too few validation images to see by whether an expert knows anything: "
    #expect(try finding(TrainingData(squares(24), validationCount: 1)) == few + "1, 100.0 % of the largest class")
    #expect(try finding(TrainingData(squares(60), validationCount: 19)).hasPrefix(few + "19, "))
    #expect(try finding(TrainingData(squares(60), validationCount: 20)).contains("on an ideal link"))
  }

  @Test func `stage 2 wants a recipe of the model's network, and notes another name`() throws {
    let model = try Stage1(smallRecipe(), data: data).model(named: "squares", dataset: "folder")
    func stage(_ change: (inout Recipe) -> Void) throws -> Stage2 {
      var recipe = try smallRecipe()
      change(&recipe)
      return try Stage2(recipe, model: model, data: data)
    }
    func complaint(_ change: (inout Recipe) -> Void) throws -> String? {
      #expect(throws: TrainingError.self) { _ = try stage(change) }?.description
    }
    #expect(try complaint { $0.backbone = .resNet18 } == "backbone of squares: expected resnet18, received lenet5")
    #expect(try complaint { $0.expertCount = 4 } == "number of experts of squares: expected 4, received 3")
    #expect(
      try complaint { $0.expertHiddenWidths = [[], [8], [8]] }
        == "hidden widths of squares's experts: expected [[], [8], [8]], received [[84], [84], [84]]")
    #expect(
      try complaint { $0.combination = .logits } == "combination of squares: expected logits, received probabilities")
    func settings(_ change: (inout Recipe) -> Void) throws -> [String: TrainingRecord.Setting]? {
      try stage(change).finishedModel().description.training?.stage2?.hyperparameters
    }
    #expect(try settings { $0.expertHiddenWidths = [[84], [84], [84]] }?["recipe"] == nil)
    #expect(try settings { $0.name = "other" }?["recipe"] == .text("other"))
    #expect(try stage { $0.name = "other" }.finishedModel().description.recipe == "small")
  }

  @Test(arguments: [(stage: 1, laws: 1), (2, 1), (2, 16)])
  func `a checkpoint of the longest run that recipes allow can be read`(number: Int, laws: Int) throws {
    var recipe = try smallRecipe()
    recipe.stage1.averageDecay = 0.9
    recipe.stage2.snrLaws = [Recipe.SNRLaw](repeating: recipe.stage2.snrLaws[0], count: laws)
    recipe.stage1.epochs = 1_000_000
    recipe.stage2.epochs = 1_000_000
    let field = "stage\(number).epochs: expected 1 to "
    if number == 2 { recipe.stage1.epochs = 1 }
    let refusal = try #require(recipe.firstViolation)
    let greatest = try #require(Int(refusal.replacing(field, with: "").prefix { $0.isNumber }), "\(refusal)")
    var stage = try Stage1(recipe, data: data)
    if number == 1 {
      try expectReadable(&stage, epochs: greatest)
    } else {
      var second = try Stage2(recipe, model: stage.model(named: "squares", dataset: "folder"), data: data)
      try expectReadable(&second, epochs: greatest)
    }
  }

  private func expectReadable(_ stage: inout some TrainingStage, epochs: Int) throws {
    var figures = stage.validate(epoch: 0)
    for name in ["seconds", "images_per_second", "learning_rate", "loss"] { figures[name] = 0 }
    // As long as numbers get.
    for name in figures.keys { figures[name] = -1.23456e-100 }
    var checkpoint = Checkpoint(stage: type(of: stage).name, fingerprint: anyFingerprint)
    checkpoint.metrics = (1...epochs).map {
      EpochReport(stage: checkpoint.stage, epoch: $0, epochs: epochs, figures: figures).line
    }
    try withFolder { folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try checkpoint.write(stage, to: folder)
      #expect(try Checkpoint.read(from: folder, into: &stage, fingerprint: anyFingerprint)?.metrics.count == epochs)
    }
  }

  @Test func `a shard that is too short to normalise by is refused`() throws {
    var recipe = try smallRecipe()
    recipe.backbone = .resNet18
    recipe.stage1.batchSize = 70
    let error = #expect(throws: TrainingError.self) { _ = try Stage1(recipe, data: TrainingData(squares(160))) }
    #expect(
      try #require(error).description
        == "stage1.batchSize: expected at most 64 or a multiple of it, for resnet18 normalises batches, received 70")
  }

  @Test func `stage 2's run is named by all that it sees of the model and of stage 1's recipe`() throws {
    let model = try firstModel()
    var recipe = try smallRecipe()
    func name(_ recipe: Recipe, _ description: ModelDescription) throws -> String {
      try recipe.fingerprint(ofStage2: recipe.stage2, data: anyFingerprint, model: description).hex
    }
    func withOtherBorder(_ recipe: Recipe) -> Recipe {
      var other = recipe
      other.stage1.augmentation.padding += 1
      return other
    }
    recipe.stage2.augmentedViews = 0
    let first = try name(recipe, model.description)
    #expect(try name(withOtherBorder(recipe), model.description) == first)
    recipe.stage2.augmentedViews = 1
    #expect(try name(withOtherBorder(recipe), model.description) != name(recipe, model.description))
    recipe.stage2.augmentedViews = 0
    var scaled = model.description
    scaled.powerScaling *= 2
    #expect(try name(recipe, scaled) != first)
    var shifted = model.description
    shifted.latentMean[0] += 1
    #expect(try name(recipe, shifted) != first)
  }

  @Test func `a learning rate that blows up ends the run with one line`() throws {
    var recipe = try smallRecipe()
    recipe.stage1.optimiser.kind = .sgd
    recipe.stage1.optimiser.peakLearningRate = 90
    recipe.stage1.epochs = 3
    var stage = try Stage1(recipe, data: data)
    #expect {
      _ = try train(&stage, in: nil)
    } throws: { error in
      "\(error)".contains("peakLearningRate") && !"\(error)".contains("\n")
    }
  }
}
