import Foundation

/// The one-cycle schedule (Smith and Topin 2018), as `torch.optim.lr_scheduler.OneCycleLR` with cosine annealing and two
/// phases: the learning rate rises from peak/25 to the peak and falls to peak/250,000; momentum does the opposite.
package struct OneCycle: Sendable {
  package let peak: Double
  package let totalSteps: Int
  package let warmUpShare: Double
  package let initialDivisor: Double
  package let finalDivisor: Double
  package let momentum: ClosedRange<Double>

  package init(
    peak: Double, totalSteps: Int, warmUpShare: Double = 0.3, initialDivisor: Double = 25, finalDivisor: Double = 1e4,
    momentum: ClosedRange<Double> = 0.85...0.95
  ) {
    precondition(totalSteps > 0, "a cycle of \(totalSteps) steps")
    self.peak = peak
    self.totalSteps = totalSteps
    self.warmUpShare = warmUpShare
    self.initialDivisor = initialDivisor
    self.finalDivisor = finalDivisor
    self.momentum = momentum
  }

  /// The learning rate of step 0, 1, … `totalSteps` - 1.
  package func learningRate(at step: Int) -> Double {
    let initial = peak / initialDivisor
    return anneal(at: step, initial, peak, initial / finalDivisor)
  }

  /// The momentum (or β₁) of a step.
  package func momentum(at step: Int) -> Double {
    anneal(at: step, momentum.upperBound, momentum.lowerBound, momentum.upperBound)
  }

  private func anneal(at step: Int, _ start: Double, _ middle: Double, _ end: Double) -> Double {
    let top = warmUpShare * Double(totalSteps) - 1
    let last = Double(totalSteps - 1)
    let step = min(Double(step), last)
    guard top > 0 || step > top else { return middle }
    guard step > top else { return cosine(start, middle, step / top) }
    return last > top ? cosine(middle, end, (step - top) / (last - top)) : middle
  }

  private func cosine(_ start: Double, _ end: Double, _ share: Double) -> Double {
    end + (start - end) / 2 * (1 + cos(Double.pi * share))
  }
}
