import Datasets
import Foundation
package import Layers
package import MixtureOfExperts
import Randomness
package import Tensors

/// Algorithm 1, lines 1-9: F, G and all Q_k together on eq. 4 + λ R_bal (and the recipe's further terms), links ideal.
package struct Stage1: TrainingStage {
  package static let name = "stage1"
  /// The one thing chosen on the validation images.
  package static let choice = "mixture"
  /// Fixed, so that the sum over a batch is taken in the same order on every machine.
  private static let shardSize = 64

  let recipe: Recipe
  let settings: Recipe.Stage1
  let data: TrainingData
  package let normalisation: PixelNormalisation
  private let loss: MixtureLoss
  private let availability: Availability
  package private(set) var network: Mixture
  /// The average of the network over the steps, if the recipe asks for one.
  private var average: MovingAverage<Mixture>?
  /// The network, or its average, of the epoch with the best base accuracy so far, or of the last one if the recipe says so.
  package private(set) var bestNetwork: Mixture
  package var best: [String: BestEpoch] = [:]
  /// The model that the backbone was taken from.
  let source: MixtureModel?
  /// Whom it learns from beside the labels, if the recipe says so.
  let teacher: Teacher?
  /// Keeps latents of the source's backbone.
  let store: LatentStore
  /// Where the backbone is kept as it is.
  private var frozen: (training: FrozenLatents, validation: Tensor)?
  private var optimiser: ScheduledOptimiser
  private var order: (epoch: Int, images: [Int]) = (-1, [])

  /// - Parameters:
  ///   - source: a model whose backbone the training starts from, or keeps if the recipe says so.
  ///   - teacher: a model of the same classes, where the recipe has one learnt from.
  ///   - store: keeps latents of a backbone that is kept.
  /// - Throws: `mismatch` if the data has not enough images for a batch, the source is missing or has another backbone, or
  ///   there is a teacher and the recipe has none, or the other way round.
  package init(
    _ recipe: Recipe, data: TrainingData, backboneOf source: MixtureModel? = nil, teacher: Teacher? = nil,
    latents store: LatentStore = .none
  ) throws(TrainingError) {
    self.recipe = recipe
    settings = recipe.stage1
    self.data = data
    self.source = source
    self.teacher = teacher
    self.store = settings.frozenBackboneViews == nil ? .none : store
    if let source, source.description.backbone != recipe.backbone {
      throw .mismatch(
        field: "backbone of \(source.description.name)", expected: recipe.backbone.rawValue,
        received: source.description.backbone.rawValue)
    }
    if source == nil, settings.frozenBackboneViews != nil {
      throw .mismatch(
        field: "--backbone-of", expected: "a model, for stage1.frozenBackboneViews keeps its backbone",
        received: "none")
    }
    if teacher == nil, settings.teacher != nil {
      throw .mismatch(
        field: "--teacher", expected: "a model, for stage1.teacher has the network learn from one", received: "none")
    }
    if teacher != nil, settings.teacher == nil {
      throw .mismatch(
        field: "stage1.teacher", expected: "weight and temperature, for --teacher names a model", received: "none")
    }
    normalisation = source?.description.normalisation ?? data.normalisation
    loss = MixtureLoss(
      mixing: .logits, gatedExpertWeight: settings.gatedExpertWeight, meanExpertWeight: settings.meanExpertWeight,
      balanceWeight: settings.balanceWeight, labelSmoothing: settings.labelSmoothing,
      distillation: settings.teacher)
    var generator = CounterGenerator(seed: settings.seed, stream: 0x696E_6974)  // "init"
    let expertCount = settings.copiesOneExpert ? 1 : recipe.expertCount
    network = Mixture(
      backbone: recipe.backbone, expertCount: expertCount, expertHiddenWidths: recipe.expertHiddenWidths,
      classCount: data.training.classNames.count, using: &generator)
    if let source { network.backbone = source.backbone }
    if let decay = settings.averageDecay { average = MovingAverage(of: network, decay: decay) }
    bestNetwork = network
    availability = Availability(expertCount: expertCount, downShare: settings.downShare, seed: settings.seed)
    batchSize = try data.checked(batchSize: settings.batchSize, of: Self.name)
    // A shard's normalisation is by its own moments, and the last shard's are kept for inference.
    let isNormalised = network.backbone.parameters.contains { $0.role == .buffer }
    if isNormalised && batchSize > Self.shardSize && batchSize % Self.shardSize != 0 {
      throw .mismatch(
        field: "stage1.batchSize",
        expected: "at most \(Self.shardSize) or a multiple of it, for \(recipe.backbone.rawValue) normalises batches",
        received: "\(batchSize)")
    }
    stepsPerEpoch = data.training.count / batchSize
    optimiser = ScheduledOptimiser(settings.optimiser, totalSteps: settings.epochs * stepsPerEpoch)
    if let viewCount = settings.frozenBackboneViews {
      frozen = (
        FrozenLatents(
          data.training, backbone: network.backbone, normalisation: normalisation,
          augmentation: settings.augmentation, seed: settings.seed, viewCount: viewCount, store: store),
        store.latents(of: data.validation, backbone: network.backbone, normalisation: normalisation)
      )
    }
  }

  package let batchSize: Int
  package let stepsPerEpoch: Int
  package var epochs: Int { settings.epochs }

  package var subject: [RunStart.Line] {
    let experts =
      settings.copiesOneExpert ? "1 expert to be copied \(recipe.expertCount) times" : "\(recipe.expertCount) experts"
    let count = ProgressMeter.grouped(frozen == nil ? network.trainableCount : network.heads.trainableCount)
    let start = source.map { " of \($0.description.name)" } ?? ""
    let parts =
      frozen == nil
      ? "\(recipe.backbone.rawValue)\(start), gate and \(experts)"
      : "gate and \(experts) on the \(recipe.backbone.rawValue)\(start), which is kept"
    let lines = [
      RunStart.Line("trains", "\(parts), \(count) parameters, recipe \(recipe.name)"),
      RunStart.Line("data", data.summary),
    ]
    guard let teacher, let weight = settings.teacher?.weight, let temperature = settings.teacher?.temperature else {
      return lines
    }
    return lines + [RunStart.Line("teacher", "\(teacher.name), weight \(weight) at temperature \(temperature)")]
  }

  package var columns: [EpochTable.Column] {
    [EpochTable.Column("base %", "base_accuracy")]
      + (average == nil ? [] : [EpochTable.Column("averaged %", "averaged_base_accuracy")])
      + [
        EpochTable.Column("best single %", "best_expert_accuracy"),
        EpochTable.Column("mean single %", "mean_expert_accuracy"),
      ]
  }

  package func learningRate(at step: Int) -> Double { optimiser.learningRate(at: step) }

  // MARK: A step

  private struct Forward {
    let labels: [SoftLabel]
    /// The teacher's class scores, `[n, classes]`.
    let teacherScores: Tensor?
    /// g, `[n, K]`.
    let g: Tensor
    /// The class scores of o_k, K times `[n, classes]`.
    let outputs: [Tensor]
    /// nil where the backbone is kept.
    let backbonePullback: ((_ dz: Tensor) -> Backbone)?
    let gatePullback: Pullback<Gate>
    let expertPullbacks: [ExpertPullback]
  }

  /// From the gradient of an expert's class scores to dz.
  private typealias ExpertPullback = (_ dScores: Tensor) -> (dz: Tensor, expert: Expert, head: Head?)

  /// A part of a batch's loss and of its gradient; the backbone's is nil where it is kept.
  private typealias Part = (loss: Double, backbone: Backbone?, heads: Heads)

  package mutating func advance(step: Int) -> Double {
    let epoch = step / stepsPerEpoch
    if order.epoch != epoch {
      order = (epoch, permutation(of: data.training.count, seed: settings.seed, epoch: UInt64(epoch)))
    }
    frozen?.training.take(epoch: epoch)
    let start = step % stepsPerEpoch * batchSize
    let batch = order.images[start..<start + batchSize]
    let pieces = shards(of: batchSize, size: Self.shardSize)
    let forwards = parallelMap(pieces.count) {
      forward(
        batch[start + pieces[$0].lowerBound..<start + pieces[$0].upperBound], epoch: epoch,
        firstSample: UInt64(step * batchSize + pieces[$0].lowerBound))
    }
    let meanGate = Self.meanOfRows(forwards.map(\.g), count: batchSize)
    let parts = parallelMap(pieces.count) { backward(forwards[$0], meanGate: meanGate) }
    Kernels.with(threads: ProcessInfo.processInfo.activeProcessorCount) { update(along: parts, step: step) }
    let mean = parts.reduce(0) { $0 + $1.loss } / Double(batchSize)
    return mean + Double(loss.balanceWeight * BalanceRegulariser.value(meanGate))
  }

  /// Moves network and average by the sum of the parts of a batch's gradient.
  private mutating func update(along parts: [Part], step: Int) {
    var heads = parts[0].heads
    for part in parts.dropFirst() { heads += part.heads }
    if var backbone = parts[0].backbone {
      for part in parts.dropFirst() { if let other = part.backbone { backbone += other } }
      optimiser.update(&network, along: Mixture(backbone: backbone, heads: heads), step: step)
    } else {
      optimiser.update(&network.heads, along: heads, step: step)
    }
    average?.take(network, step: step)
    if frozen != nil { average?.model.backbone = network.backbone }
  }

  /// Algorithm 1, lines 4-6, for a part of the batch.
  private func forward(_ images: ArraySlice<Int>, epoch: Int, firstSample: UInt64) -> Forward {
    let (z, labels, teacherScores, backbonePullback) = latents(of: images, epoch: epoch, firstSample: firstSample)
    let (logits, gatePullback) = network.gate.pulledBack(z)
    let experts = network.experts.indices.map { k in expertPulledBack(k, z, firstSample: firstSample) }
    let up = images.indices.map { place in
      availability.experts(ofSample: firstSample + UInt64(place - images.startIndex))
    }
    return Forward(
      labels: labels, teacherScores: teacherScores, g: maskedSoftmax(logits, eligible: up), outputs: experts.map(\.y),
      backbonePullback: backbonePullback,
      gatePullback: gatePullback, expertPullbacks: experts.map(\.pullback))
  }

  /// z and the labels of some images, what the teacher says of them, and the way back to the backbone if it is trained.
  private func latents(
    of images: ArraySlice<Int>, epoch: Int, firstSample: UInt64
  ) -> (z: Tensor, labels: [SoftLabel], teacherScores: Tensor?, pullback: ((_ dz: Tensor) -> Backbone)?) {
    if let frozen {
      return (frozen.training.z.selectingRows(images), images.map { SoftLabel(data.training.labels[$0]) }, nil, nil)
    }
    let batch = TrainingBatch(
      data.training, images, settings: settings, epoch: UInt64(epoch), normalisation: normalisation)
    var backbone = network.backbone
    if let rate = settings.stochasticDepth {
      let stream = StreamKey(seed: settings.seed, 0x6465_7074)  // "dept"
      backbone = backbone.withStochasticDepth(rate, stream: stream, firstImage: firstSample)
    }
    if let dropout = settings.patchDropout, epoch < epochs - dropout.wholeEpochs {
      let stream = StreamKey(seed: settings.seed, 0x7061_7463)  // "patc"
      backbone = backbone.withPatchDropout(dropout.rate, stream: stream, firstImage: firstSample)
    }
    let precision = settings.precision ?? Kernels.precision
    let (z, pullback) = Kernels.with(precision: precision) { backbone.pulledBackFromData(batch.x) }
    // Rounding where the processor has no bfloat16 would cost time and change little.
    let scores = Kernels.with(precision: Kernels.current.hasBFloat16 ? precision : .fp32) {
      teacher?.scores(batch.x, normalisedBy: normalisation)
    }
    return (z, batch.labels, scores, { dz in Kernels.with(precision: precision) { pullback(dz) } })
  }

  /// The class scores of Q_k of z with numbers dropped, others for every expert, and the way back to z.
  private func expertPulledBack(
    _ k: Int, _ z: Tensor, firstSample: UInt64
  ) -> (y: Tensor, pullback: ExpertPullback) {
    let stream = StreamKey(seed: settings.seed, 0x6472_6F70, UInt64(k))  // "drop"
    let dropout = Dropout(settings.dropout ?? 0, stream: stream, firstRow: firstSample)
    let (kept, dropoutPullback) = dropout.pulledBack(z)
    let (o, expertPullback) = network.experts[k].pulledBack(kept)
    let scored = network.head?.pulledBack(o)
    return (
      scored?.y ?? o,
      { dScores in
        let headBack = scored?.pullback(dScores)
        let (dKept, gradient) = expertPullback(headBack?.dx ?? dScores)
        return (dropoutPullback(dKept).dx, gradient, headBack?.gradient)
      }
    )
  }

  private func backward(_ forward: Forward, meanGate: [Float]) -> Part {
    let value = loss(
      g: forward.g, outputs: forward.outputs, labels: forward.labels, teacherScores: forward.teacherScores,
      batchSize: batchSize, meanGate: meanGate)
    var (dz, gate) = forward.gatePullback(value.gateLogitsGradient)
    var experts: [Expert] = []
    var head: Head?
    for (pullback, dOutput) in zip(forward.expertPullbacks, value.outputGradients) {
      let (part, expert, headPart) = pullback(dOutput)
      dz += part
      experts.append(expert)
      guard let headPart else { continue }
      if head == nil { head = headPart } else { head? += headPart }
    }
    return (value.sum, forward.backbonePullback?(dz), Heads(gate: gate, experts: experts, head: head))
  }

  /// ḡ, `[K]`.
  static func meanOfRows(_ parts: [Tensor], count: Int) -> [Float] {
    var sum = [Float](repeating: 0, count: parts[0].rowLength)
    for part in parts {
      part.withUnsafeBufferPointer { g in for i in g.indices { sum[i % sum.count] += g[i] } }
    }
    return sum.map { $0 / Float(count) }
  }

  // MARK: Choosing

  package mutating func validate(epoch: Int) -> [String: Double] {
    var figures = figures(of: network)
    choose(network, figures, epoch: epoch)
    if let average {
      let averaged = self.figures(of: average.model)
      choose(average.model, averaged.merging([Self.isAveraged: 1]) { $1 }, epoch: epoch)
      for (name, value) in averaged { figures["averaged_" + name] = value }
    }
    return figures
  }

  /// Stands among the figures of a chosen network that is an average.
  private static let isAveraged = "is_averaged"

  private func figures(of network: Mixture) -> [String: Double] {
    let z =
      frozen?.validation ?? Latents.of(data.validation, backbone: network.backbone, normalisation: normalisation)
    return CleanFigures(
      z: z, labels: data.validation.labels, gate: network.gate, experts: network.experts, head: network.head
    ).asMetrics
  }

  /// Where the backbone is kept, base accuracy is reached at once and tells nothing of the single experts.
  private var keepsLastEpoch: Bool { settings.keepsLastEpoch ?? (frozen != nil) }

  private mutating func choose(_ network: Mixture, _ figures: [String: Double], epoch: Int) {
    let accuracy = figures["base_accuracy"] ?? 0
    let replacesEarlier = keepsLastEpoch && best[Self.choice]?.epoch != epoch
    guard replacesEarlier || accuracy > best[Self.choice]?.accuracy ?? -1 else { return }
    best[Self.choice] = BestEpoch(epoch: epoch, accuracy: accuracy, figures: figures)
    bestNetwork = network
  }

  // MARK: State

  package var tensors: [(name: String, value: Tensor)] {
    network.namedTensors.under("network.") + bestNetwork.namedTensors.under("best.")
      + optimiser.state.under("optimiser.") + (average?.model.namedTensors.under("average.") ?? [])
  }

  package mutating func restore(_ file: Safetensors) throws(SafetensorsError) {
    try network.load(file, prefix: "network.")
    try bestNetwork.load(file, prefix: "best.")
    try average?.model.load(file, prefix: "average.")
    try optimiser.restore(file.under("optimiser."), for: network)
  }
}
