import Layers
import Tensors

extension Recipe.OptimiserSettings {
  func makeOptimiser() -> any Optimiser {
    let adamW = AdamW(
      learningRate: Float(peakLearningRate), weightDecay: weightDecay, decaysBiases: decaysBiases ?? true)
    switch kind {
    case .adamW: return adamW
    case .muon: return Muon(adamW) { $0.contains("blocks.") }
    case .sgd:
      return SGD(
        learningRate: Float(peakLearningRate), weightDecay: weightDecay, nesterov: true,
        decaysBiases: decaysBiases ?? true)
    }
  }

  func makeSchedule(totalSteps: Int) -> OneCycle {
    OneCycle(peak: peakLearningRate, totalSteps: totalSteps, warmUpShare: warmUpShare ?? 0.3)
  }
}

/// An optimiser that follows the one-cycle schedule.
struct ScheduledOptimiser {
  private let schedule: OneCycle
  private var optimiser: any Optimiser
  private let greatestNorm: Float?

  init(_ settings: Recipe.OptimiserSettings, totalSteps: Int) {
    schedule = settings.makeSchedule(totalSteps: totalSteps)
    optimiser = settings.makeOptimiser()
    greatestNorm = settings.clipNorm
  }

  func learningRate(at step: Int) -> Double { schedule.learningRate(at: step) }

  mutating func update<Model: Parameterised>(_ model: inout Model, along gradient: Model, step: Int) {
    optimiser.learningRate = Float(schedule.learningRate(at: step))
    optimiser.momentum = Float(schedule.momentum(at: step))
    guard let greatestNorm else { return optimiser.update(&model, along: gradient) }
    var clipped = gradient
    clipped.clip(toNorm: greatestNorm)
    optimiser.update(&model, along: clipped)
  }

  var state: [(name: String, value: Tensor)] { optimiser.state }
  mutating func restore<Model: Parameterised>(
    _ state: [(name: String, value: Tensor)], for model: Model
  ) throws(SafetensorsError) { try optimiser.restore(state, for: model) }
}
