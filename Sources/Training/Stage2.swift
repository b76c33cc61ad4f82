import Datasets
package import Layers
package import MixtureOfExperts
import Radio
import Randomness
package import Tensors

/// Algorithm 1, lines 10-22: the channel-aware gate on eq. 7 + λ R_bal, F and Q_k frozen; the naive gate on the same draws.
package struct Stage2: TrainingStage {
  package static let name = "stage2"
  private static let shardSize = 64
  /// Keeps a gate that is fed σ~ itself finite; 120 dB below a clean link.
  private static let greatestDistortion: Float = 1e6
  /// dB; where a gate sees decibels, they end there, too.
  private static let greatestPower: Float = 30

  let recipeName: String
  let settings: Recipe.Stage2
  let model: MixtureModel
  private let data: TrainingData
  private let statistics: LatentStatistics
  private let loss: MixtureLoss
  private let draws: LinkDraws
  let trial: GateTrial
  package private(set) var gates: GatePair
  private var bestGates: GatePair
  package var best: [String: BestEpoch] = [:]
  private var optimisers: (channelAware: ScheduledOptimiser, naive: ScheduledOptimiser)
  /// What the channel-aware gate's network counts since the last validation.
  private var networkFactor = 1.0
  /// Of the last step, to be watched.
  private var naiveLoss = 0.0
  private var order: (epoch: Int, images: [Int]) = (-1, [])
  private var latents: FrozenLatents

  /// - Parameters:
  ///   - model: what stage 1 made.
  ///   - store: keeps its latents.
  /// - Throws: `mismatch` if the model has another network than the recipe or other classes than the data, or there are not
  ///   enough images for a batch.
  package init(
    _ recipe: Recipe, model: MixtureModel, data: TrainingData, latents store: LatentStore = .none
  ) throws(TrainingError) {
    try model.description.checkNetwork(of: recipe)
    try model.description.checkClasses(of: data.training, allowingFewer: false)
    recipeName = recipe.name
    settings = recipe.stage2
    var model = model
    switch settings.linkEncoding {
    case .decibels: model.description.linkEncoding = .standard
    case .distortion:
      model.description.linkEncoding = .distortion(
        powerScaling: model.description.powerScaling, ceiling: Self.greatestDistortion)
    case .power: model.description.linkEncoding = .power(ceiling: Self.greatestPower)
    case .compared: model.description.linkEncoding = .compared
    }
    model.description.gateSeesLinksDirectly = settings.seesLinksDirectly
    model.description.setGateHiddenWidths(settings.gateHiddenWidths, of: [.channelAware, .naive])
    model.description.packetErrors =
      settings.seesDeliveryOdds ? PacketErrorLaw(messageBits: settings.messageBits) : nil
    let z = store.latents(
      of: data.training, backbone: model.backbone, normalisation: model.description.normalisation)
    if model.description.latentTable == nil {
      do {
        model.description.latentTable = try LatentTable(fittedTo: z)
      } catch {
        throw .mismatch(field: "model \(model.description.name)", expected: "finite latents", received: "\(error)")
      }
    }
    self.model = model
    self.data = data
    let description = model.description
    statistics = LatentStatistics(z)
    latents = FrozenLatents(
      data.training, backbone: model.backbone, normalisation: description.normalisation,
      augmentation: recipe.stage1.augmentation, seed: settings.seed, viewCount: settings.augmentedViews, plain: z,
      store: store)
    loss = MixtureLoss(mixing: settings.mixing, balanceWeight: settings.balanceWeight)
    let laws = settings.snrLaws.map { (configuration: $0.configuration, share: $0.share) }
    do {
      draws = try LinkDraws(
        laws, seed: settings.seed, model: description, baseStation: LinkDraws.trainingBaseStation,
        kind: settings.digitalShare == 0 ? .analog : .mixed(digitalShare: settings.digitalShare),
        messageBits: settings.messageBits, downShare: settings.downShare)
      trial = try GateTrial(
        model, data: data, laws: laws.map(\.configuration), seed: settings.seed, messageBits: settings.messageBits,
        isDigitalToo: settings.digitalShare > 0, latents: store)
    } catch {
      throw .file(path: recipe.name, reason: error.description)
    }
    var generator = CounterGenerator(seed: settings.seed, stream: 0x6761_7465)  // "gate"
    gates = GatePair(of: description, using: &generator)
    bestGates = gates
    batchSize = try data.checked(batchSize: settings.batchSize, of: Self.name)
    stepsPerEpoch = data.training.count / batchSize
    let optimiser = ScheduledOptimiser(settings.optimiser, totalSteps: settings.epochs * stepsPerEpoch)
    optimisers = (optimiser, optimiser)
  }

  package let batchSize: Int
  package let stepsPerEpoch: Int
  package var epochs: Int { settings.epochs }

  package var subject: [RunStart.Line] {
    [
      RunStart.Line(
        "trains",
        "the channel-aware and the naive gate of \(model.description.name), "
          + "\(ProgressMeter.grouped(gates.trainableCount)) parameters, recipe \(recipeName)"),
      RunStart.Line("data", data.summary),
    ]
  }

  package var columns: [EpochTable.Column] {
    let links = settings.digitalShare > 0 ? ["analog", "digital"] : ["analog"]
    return links.flatMap { link in
      [
        EpochTable.Column("\(link) aware %", "\(link)_channel_aware"), EpochTable.Column("naive %", "\(link)_naive"),
        EpochTable.Column("best SNR %", "\(link)_best_snr"),
      ]
    }
  }

  package func learningRate(at step: Int) -> Double { optimisers.channelAware.learningRate(at: step) }

  /// Stage 2 builds on what stage 1 has made of backbone and experts.
  package func rehearse() throws(TrainingError) -> String {
    let few = data.validation.prefix(Self.rehearsalImages)
    let z = Latents.of(few, backbone: model.backbone, normalisation: model.description.normalisation)
    guard let gate = model.gates[.base] else {
      throw .mismatch(field: "model \(model.description.name)", expected: "a base gate", received: "none")
    }
    let known = CleanFigures(z: z, labels: few.labels, gate: gate, experts: model.experts, head: model.head)
      .bestExpertAccuracy
    let counts = few.classNames.indices.map { label in few.labels.count { $0 == label } }
    let guessed = 100 * Double(counts.max() ?? 0) / Double(few.count)
    guard few.count >= Self.fewestTellingImages, guessed < 100 else {
      return "too few validation images to see by whether an expert knows anything: \(few.count), "
        + "\(rounded(guessed)) % of the largest class"
    }
    guard known > guessed + 0.05 * (100 - guessed) else {
      throw .mismatch(
        field: "model \(model.description.name)",
        expected: "an expert that is right clearly more often than the \(rounded(guessed)) % of the largest class",
        received: "\(rounded(known)) % (stage 1 first; --skip-checks trains all the same)")
    }
    return "the best expert alone is right in \(rounded(known)) % of \(few.count) images on an ideal link"
  }

  private static let rehearsalImages = 500
  /// Of fewer, a single one would be more than the lead over guessing that is asked for.
  private static let fewestTellingImages = 20

  private func rounded(_ percent: Double) -> Double { (percent * 10).rounded() / 10 }

  // MARK: A step

  package mutating func advance(step: Int) -> Double {
    let epoch = step / stepsPerEpoch
    if order.epoch != epoch {
      order = (epoch, permutation(of: data.training.count, seed: settings.seed, epoch: UInt64(epoch)))
    }
    latents.take(epoch: epoch)
    let start = step % stepsPerEpoch * batchSize
    let pieces = shards(of: batchSize, size: Self.shardSize)
    let forwards = parallelMap(pieces.count) { piece in
      forward(
        order.images[start + pieces[piece].lowerBound..<start + pieces[piece].upperBound],
        firstSample: UInt64(step * batchSize + pieces[piece].lowerBound))
    }
    let meanAware = Stage1.meanOfRows(forwards.map(\.channelAware.g), count: batchSize)
    let meanNaive = Stage1.meanOfRows(forwards.map(\.naive.g), count: batchSize)
    let parts = parallelMap(pieces.count) { piece in
      (
        channelAware: backward(forwards[piece], forwards[piece].channelAware, meanGate: meanAware),
        naive: backward(forwards[piece], forwards[piece].naive, meanGate: meanNaive)
      )
    }
    optimisers.channelAware.update(
      &gates.channelAware, along: Self.sum(parts.map(\.channelAware.gradient)), step: step)
    optimisers.naive.update(&gates.naive, along: Self.sum(parts.map(\.naive.gradient)), step: step)
    func mean(_ sums: [Double], _ meanGate: [Float]) -> Double {
      sums.reduce(0, +) / Double(batchSize) + Double(loss.balanceWeight * BalanceRegulariser.value(meanGate))
    }
    naiveLoss = mean(parts.map(\.naive.loss), meanNaive)
    return mean(parts.map(\.channelAware.loss), meanAware)
  }

  private static func sum(_ gradients: [Gate]) -> Gate {
    var sum = gradients[0]
    for gradient in gradients.dropFirst() { sum += gradient }
    return sum
  }

  private struct GateForward {
    let g: Tensor
    let pullback: (_ dLogits: Tensor) -> Gate
  }

  private struct Forward {
    let labels: [SoftLabel]
    /// The class scores of Q_k(z~_k), K times `[n, classes]`.
    let outputs: [Tensor]
    let channelAware: GateForward
    let naive: GateForward
  }

  private func forward(_ images: ArraySlice<Int>, firstSample: UInt64) -> Forward {
    let z = latents.z.selectingRows(images)
    let draw = draws.draw(z, firstSample: firstSample)
    let outputs = model.experts.indices.map { k in
      classScores(of: model.experts[k](draw.received[k]), by: model.head)
    }
    let input = settings.standardisesLatents ? statistics.standardise(z) : z
    let codes = model.description.linkView(draw.states, eligible: draw.eligible, isDigital: draw.isDigital)
    func ask(_ gate: Gate) -> GateForward {
      let (logits, pullback) = gate.pulledBackFromData(gate.input(input, codes))
      return GateForward(g: maskedSoftmax(logits, eligible: draw.eligible), pullback: pullback)
    }
    return Forward(
      labels: images.map { SoftLabel(data.training.labels[$0]) }, outputs: outputs,
      channelAware: ask(gates.channelAware),
      naive: ask(gates.naive))
  }

  private func backward(
    _ forward: Forward, _ gate: GateForward, meanGate: [Float]
  ) -> (loss: Double, gradient: Gate) {
    let value = loss(
      g: gate.g, outputs: forward.outputs, labels: forward.labels, batchSize: batchSize, meanGate: meanGate,
      expertsAreFrozen: true)
    return (value.sum, gate.pullback(value.gateLogitsGradient))
  }

  // MARK: Choosing

  /// The gates as the bundle holds them: they take z as it is.
  private func folded(_ pair: GatePair) -> GatePair {
    guard settings.standardisesLatents else { return pair }
    return GatePair(
      channelAware: pair.channelAware.foldingStandardisation(mean: statistics.mean, deviation: statistics.deviation),
      naive: pair.naive.foldingStandardisation(mean: statistics.mean, deviation: statistics.deviation))
  }

  /// The gates as the last validation has seen them, as a bundle would hold them.
  var currentGates: GatePair { folded(weighed(by: networkFactor)) }

  private func weighed(by factor: Double) -> GatePair {
    GatePair(channelAware: gates.channelAware.weighingNetwork(Float(factor)), naive: gates.naive)
  }

  /// The best gates so far, as the bundle holds them.
  package var chosenGates: GatePair { folded(bestGates) }

  package mutating func validate(epoch: Int) -> [String: Double] {
    let naive = trial.accuracies(of: folded(gates).naive)
    if keeps(.naive, epoch: epoch, mean: naive.mean, figures: naive) { bestGates.naive = gates.naive }
    var aware = (mean: -1.0, figures: [String: Double]())
    for factor in settings.networkFactors ?? [1] {
      let accuracies = trial.accuracies(of: folded(weighed(by: factor)).channelAware)
      guard accuracies.mean > aware.mean else { continue }
      aware = (accuracies.mean, accuracies)
      networkFactor = factor
    }
    if settings.networkFactors != nil { aware.figures["network_factor"] = networkFactor }
    if keeps(.channelAware, epoch: epoch, mean: aware.mean, figures: aware.figures) {
      bestGates.channelAware = weighed(by: networkFactor).channelAware
    }
    return trial.references.merging(naive) { $1 }.merging(aware.figures) { $1 }
  }

  /// Whether a gate is the best so far, which is then noted.
  private mutating func keeps(_ kind: GateKind, epoch: Int, mean: Double, figures: [String: Double]) -> Bool {
    guard mean > best[kind.rawValue]?.accuracy ?? -1 else { return false }
    best[kind.rawValue] = BestEpoch(epoch: epoch, accuracy: mean, figures: figures)
    return true
  }

  package func complaint(loss: Double, step: Int) -> String? {
    for (kind, loss) in [(GateKind.channelAware, loss), (.naive, naiveLoss)] where !loss.isFinite {
      return "the loss of the \(kind.rawValue) gate is \(loss): try a lower peakLearningRate"
    }
    return nil
  }

  // MARK: State

  package var tensors: [(name: String, value: Tensor)] {
    gates.namedTensors.under("gates.") + bestGates.namedTensors.under("best.")
      + optimisers.channelAware.state.under("optimiser.channel-aware.")
      + optimisers.naive.state.under("optimiser.naive.")
  }

  package mutating func restore(_ file: Safetensors) throws(SafetensorsError) {
    try gates.load(file, prefix: "gates.")
    try bestGates.load(file, prefix: "best.")
    try optimisers.channelAware.restore(file.under("optimiser.channel-aware."), for: gates.channelAware)
    try optimisers.naive.restore(file.under("optimiser.naive."), for: gates.naive)
  }
}

extension [String: Double] {
  /// Whatever the order, the same to the last bit.
  fileprivate var mean: Double { values.sorted().reduce(0, +) / Double(count) }
}
