import Datasets
import MixtureOfExperts
import Radio

extension Recipe: StrictFile {
  /// A checkpoint keeps every epoch's figures in its header, whose length is bounded: so many take half of it.
  package static let greatestEpochs = 10_000

  package var firstViolation: String? {
    func optimiser(_ stage: String, _ settings: OptimiserSettings, trainsBlocks: Bool) -> String? {
      guard settings.kind != .muon || trainsBlocks else {
        return "\(stage).optimiser.kind: expected adamw or sgd where no transformer's blocks are trained, received muon"
      }
      return violation("\(stage).optimiser.peakLearningRate", settings.peakLearningRate, 1e-9...100)
        ?? violation("\(stage).optimiser.weightDecay", settings.weightDecay, 0...1)
        ?? violation("\(stage).optimiser.warmUpShare", settings.warmUpShare ?? 0, 0...0.9)
        ?? violation("\(stage).optimiser.clipNorm", settings.clipNorm ?? 1, 1e-6...1e6)
    }
    func pairs(_ name: String, _ mixing: PairMixing?) -> String? {
      guard let mixing else { return nil }
      func share(_ part: String, _ alpha: Double) -> String? {
        alpha == 0 || (0.01...1).contains(alpha)
          ? nil : "\(name).\(part): expected 0 (none) or 0.01 to 1.0, received \(alpha)"
      }
      return share("mixup", mixing.mixup) ?? share("cutmix", mixing.cutmix)
        ?? violation("\(name).share", mixing.share, 0...1)
    }
    func unheeded(_ field: String, _ isThere: Bool) -> String? {
      guard isThere, stage1.frozenBackboneViews != nil else { return nil }
      return "stage1.\(field): expected none where stage1.frozenBackboneViews keeps the backbone"
    }
    let findings: [String?] = [
      violation("expertCount", expertCount, 1...ExpertSet.capacity),
      expertHiddenWidths.flatMap { HiddenLayers.violation("expertHiddenWidths", $0, expertCount: expertCount) },
      expertHiddenWidths != nil && stage1.copiesOneExpert
        ? "expertHiddenWidths: expected none where stage1.copiesOneExpert makes all experts alike" : nil,
      stage2.gateHiddenWidths.flatMap { HiddenLayers.violation("stage2.gateHiddenWidths", $0) },
      violation("stage1.epochs", stage1.epochs, 1...Self.greatestEpochs),
      violation("stage1.batchSize", stage1.batchSize, 1...65_536),
      stage1.frozenBackboneViews.flatMap { violation("stage1.frozenBackboneViews", $0, 0...16) },
      unheeded("pairs", stage1.pairs != nil),
      unheeded("stochasticDepth", stage1.stochasticDepth != nil),
      unheeded("patchDropout", stage1.patchDropout != nil),
      unheeded("precision", stage1.precision != nil),
      stage1.teacher.flatMap { teacher in
        violation("stage1.teacher.weight", teacher.weight, 0...1)
          ?? violation("stage1.teacher.temperature", teacher.temperature, 0.1...100)
      },
      unheeded("teacher", stage1.teacher != nil),
      optimiser(
        "stage1", stage1.optimiser, trainsBlocks: backbone == .vit && stage1.frozenBackboneViews == nil),
      violation("stage1.balanceWeight", stage1.balanceWeight, 0...1_000),
      violation("stage1.gatedExpertWeight", stage1.gatedExpertWeight, 0...1_000),
      violation("stage1.meanExpertWeight", stage1.meanExpertWeight, 0...1_000),
      violation("stage1.downShare", stage1.downShare, 0...0.99),
      violation("stage1.labelSmoothing", stage1.labelSmoothing, 0...0.5),
      violation("stage1.augmentation.cutout", stage1.augmentation.cutout, 0...64),
      violation("stage1.augmentation.padding", stage1.augmentation.padding, 0...16),
      stage1.augmentation.randAugment.flatMap { randAugment in
        violation("stage1.augmentation.randAugment.operations", randAugment.operations, 0...8)
          ?? violation(
            "stage1.augmentation.randAugment.magnitude", randAugment.magnitude, 0...RandAugment.greatestMagnitude)
      },
      pairs("stage1.pairs", stage1.pairs),
      violation("stage1.dropout", stage1.dropout ?? 0, 0...0.9),
      violation("stage1.stochasticDepth", stage1.stochasticDepth ?? 0, 0...0.9),
      stage1.stochasticDepth != nil && backbone != .vit
        ? "stage1.stochasticDepth: expected none with a \(backbone.rawValue)" : nil,
      stage1.patchDropout.flatMap { dropout in
        violation("stage1.patchDropout.rate", dropout.rate, 0...0.9)
          ?? violation("stage1.patchDropout.wholeEpochs", dropout.wholeEpochs, 0...stage1.epochs)
      },
      stage1.patchDropout != nil && backbone != .vit
        ? "stage1.patchDropout: expected none with a \(backbone.rawValue)" : nil,
      violation("stage1.averageDecay", stage1.averageDecay ?? 0, 0...0.99999),
      violation("number of stage2.snrLaws", stage2.snrLaws.count, 1...16),
      // Each law has figures of its own.
      violation("stage2.epochs", stage2.epochs, 1...Self.greatestEpochs / max(1, stage2.snrLaws.count)),
      violation("stage2.batchSize", stage2.batchSize, 1...65_536),
      optimiser("stage2", stage2.optimiser, trainsBlocks: false),
      violation("stage2.balanceWeight", stage2.balanceWeight, 0...1_000),
      violation("stage2.digitalShare", stage2.digitalShare, 0...1),
      violation(
        "stage2.messageBits", stage2.messageBits,
        1...Double(LatentCodec.largestBitCount(latentCount: backbone.latentCount))),
      violation("stage2.downShare", stage2.downShare, 0...0.99),
      violation("stage2.augmentedViews", stage2.augmentedViews, 0...16),
      stage2.seesLinksDirectly == true && stage2.linkEncoding == .distortion
        ? "stage2.seesLinksDirectly: expected false with linkEncoding distortion, for more of it is worse" : nil,
      stage2.networkFactors.flatMap { violation("number of stage2.networkFactors", $0.count, 1...16) },
      stage2.networkFactors != nil && stage2.seesLinksDirectly != true
        ? "stage2.networkFactors: expected none without seesLinksDirectly, beside which they count" : nil,
    ]
    let laws = stage2.snrLaws.enumerated().map { place, law in
      violation("stage2.snrLaws.\(place).meanDB", law.meanDB, -200...200)
        ?? violation("stage2.snrLaws.\(place).stdDB", law.stdDB, 0...100)
        ?? violation("stage2.snrLaws.\(place).share", law.share, 1e-6...1e6)
        ?? violation("stage2.snrLaws.\(place).reportCorrelation", law.reportCorrelation ?? 0, -1...1)
    }
    let factors = (stage2.networkFactors ?? []).enumerated().map { place, factor in
      violation("stage2.networkFactors.\(place)", factor, 0.01...1)
    }
    return (findings + laws + factors).compactMap(\.self).first
  }
}
