import Tensors

/// The exponential moving average of a model's weights over the steps of its training, which often does better than the
/// weights of any step (Polyak and Juditsky 1992).
///
/// Buffers are averaged as well: running moments are averages themselves, and a mean of variances is one. The decay is
/// (1 + t)/(10 + t) at step t until that reaches the decay asked for, so that the weights at the start are soon forgotten.
package struct MovingAverage<Model: Parameterised>: Sendable {
  /// The average's share in the next average.
  package let decay: Float
  package var model: Model

  package init(of model: Model, decay: Float) {
    precondition((0..<1).contains(decay), "a decay of \(decay)")
    self.decay = decay
    self.model = model
  }

  /// Takes the model as it is after step 0, 1, …
  package mutating func take(_ next: Model, step: Int) {
    let decay = min(decay, Float(1 + step) / Float(10 + step))
    model.updateParameters(with: next) { _, _, value, next in
      value *= decay
      value.add(next, scaledBy: 1 - decay)
    }
  }
}
