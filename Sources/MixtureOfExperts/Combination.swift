import Foundation

/// How the answers of several experts become one prediction.
package enum Combination: String, Sendable, Codable, CaseIterable {
  /// Σ_k w_k softmax(o_k), the recipe `robust`: one very noisy expert cannot outshout the others.
  case probabilities
  /// softmax(Σ_k w_k o_k), the recipe `paper` (eqs. 4 and 7 mix outputs).
  case logits
}

/// One expert's answer for one image.
package struct ExpertAnswer {
  package let expert: Int
  /// The gate's weight of the expert; `combine` renormalises over those that answered.
  package let weight: Float
  /// o_k, or what a head makes of it, `[classes]`.
  package let scores: UnsafeBufferPointer<Float>

  package init(expert: Int, weight: Float, scores: UnsafeBufferPointer<Float>) {
    self.expert = expert
    self.weight = weight
    self.scores = scores
  }
}

/// The class an image was given.
package struct Prediction: Hashable, Sendable {
  package let classIndex: Int
  package let probability: Float

  package init(classIndex: Int, probability: Float) {
    self.classIndex = classIndex
    self.probability = probability
  }
}

extension Combination {
  /// Mixes the answers into class probabilities and returns the most likely class.
  ///
  /// The answers are taken in expert order whatever their order of arrival, so that a networked run equals an in-process one bit for bit.
  /// Weights are renormalised over the answers; if all of them vanish, the answers count equally. Scores that are not finite count as zero
  /// evidence: a uniform distribution (or zero logits).
  package func combine(
    _ answers: inout [ExpertAnswer], into probabilities: UnsafeMutableBufferPointer<Float>
  ) -> Prediction {
    precondition(!answers.isEmpty, "combining needs at least one answer")
    if answers.count > 1 { answers.sort { $0.expert < $1.expert } }
    var total: Float = 0
    for answer in answers {
      precondition(
        answer.scores.count == probabilities.count, "scores \(answer.scores.count) ≠ classes \(probabilities.count)")
      total += answer.weight
    }
    let equal = !(total > 0 && total.isFinite)
    probabilities.update(repeating: 0)
    for answer in answers {
      let w = equal ? 1 / Float(answers.count) : answer.weight / total
      switch self {
      case .probabilities: addSoftmax(of: answer.scores, times: w, to: probabilities)
      case .logits: add(answer.scores, times: w, to: probabilities)
      }
    }
    if self == .logits { softmaxInPlace(probabilities) }
    var best = 0
    for c in 1..<probabilities.count where probabilities[c] > probabilities[best] { best = c }
    return Prediction(classIndex: best, probability: probabilities[best])
  }
}

/// sum += w softmax(logits); uniform where the logits are not finite.
private func addSoftmax(
  of logits: UnsafeBufferPointer<Float>, times w: Float, to sum: UnsafeMutableBufferPointer<Float>
) {
  let peak = logits.max() ?? 0
  var total: Float = 0
  for x in logits { total += expf(x - peak) }
  guard total.isFinite, peak.isFinite else {
    for c in sum.indices { sum[c] += w / Float(sum.count) }
    return
  }
  for c in sum.indices { sum[c] += w * (expf(logits[c] - peak) / total) }
}

private func add(
  _ logits: UnsafeBufferPointer<Float>, times w: Float, to sum: UnsafeMutableBufferPointer<Float>
) {
  guard logits.allSatisfy(\.isFinite) else { return }
  for c in sum.indices { sum[c] += w * logits[c] }
}

/// Softmax of a few logits; shared with routing. A sum that overflowed counts as no evidence.
func softmaxInPlace(_ x: UnsafeMutableBufferPointer<Float>) {
  let peak = x.max() ?? 0
  var total: Float = 0
  for i in x.indices {
    x[i] = expf(x[i] - peak)
    total += x[i]
  }
  guard total.isFinite, total > 0 else { return x.update(repeating: 1 / Float(x.count)) }
  for i in x.indices { x[i] /= total }
}
