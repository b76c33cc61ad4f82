import Foundation
import Layers
import Tensors

/// How the answers of several experts become one prediction.
package enum Combination: String, Sendable, Codable, CaseIterable {
  /// Σ_k w_k softmax(o_k), the recipe `robust`: one very noisy expert cannot outshout the others.
  case probabilities
  /// softmax(Σ_k w_k o_k), the recipe `paper` (eqs. 4 and 7 mix outputs). Where a head makes scores of the outputs, it
  /// reads the mix.
  case logits
}

/// One expert's answer for one image.
package struct ExpertAnswer {
  package let expert: Int
  /// The gate's weight of the expert; `combine` renormalises over those that answered.
  package let weight: Float
  /// o_k, `[outputs]`.
  package let outputs: UnsafeBufferPointer<Float>

  package init(expert: Int, weight: Float, outputs: UnsafeBufferPointer<Float>) {
    self.expert = expert
    self.weight = weight
    self.outputs = outputs
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
  /// With a head, outputs become class scores one by one before they are mixed as probabilities, and after they have been
  /// mixed as outputs. The answers are taken in expert order whatever their order of arrival, so that a networked run equals an in-process one bit for bit.
  /// Weights are renormalised over the answers; if all of them vanish, the answers count equally. Outputs that are not finite count as zero
  /// evidence: a uniform distribution (or zero logits).
  package func combine(
    _ answers: inout [ExpertAnswer], head: Head? = nil, into probabilities: UnsafeMutableBufferPointer<Float>
  ) -> Prediction {
    precondition(!answers.isEmpty, "combining needs at least one answer")
    if answers.count > 1 { answers.sort { $0.expert < $1.expert } }
    guard let head else { return mix(answers, into: probabilities) }
    let width = answers[0].outputs.count
    switch self {
    case .probabilities:
      let outputs = Tensor([answers.count, width]) { rows in
        for (place, answer) in answers.enumerated() {
          _ = rows[place * width..<(place + 1) * width].update(fromContentsOf: answer.outputs)
        }
      }
      return head(outputs).withUnsafeBufferPointer { scores in
        let classes = probabilities.count
        let scored = answers.enumerated().map { place, answer in
          ExpertAnswer(
            expert: answer.expert, weight: answer.weight,
            outputs: UnsafeBufferPointer(rebasing: scores[place * classes..<(place + 1) * classes]))
        }
        return mix(scored, into: probabilities)
      }
    case .logits:
      let mean = Tensor([1, width]) { addUp(answers, into: $0) }
      return head(mean).withUnsafeBufferPointer { scores in
        mix([ExpertAnswer(expert: answers[0].expert, weight: 1, outputs: scores)], into: probabilities)
      }
    }
  }

  /// Mixes class scores.
  private func mix(
    _ answers: [ExpertAnswer], into probabilities: UnsafeMutableBufferPointer<Float>
  ) -> Prediction {
    addUp(answers, into: probabilities)
    if self == .logits { softmaxInPlace(probabilities) }
    var best = 0
    for c in 1..<probabilities.count where probabilities[c] > probabilities[best] { best = c }
    return Prediction(classIndex: best, probability: probabilities[best])
  }

  /// The sum of the answers, or of their softmax, by their shares of the weight.
  private func addUp(_ answers: [ExpertAnswer], into sum: UnsafeMutableBufferPointer<Float>) {
    var total: Float = 0
    for answer in answers {
      precondition(answer.outputs.count == sum.count, "outputs \(answer.outputs.count) ≠ \(sum.count)")
      total += answer.weight
    }
    let equal = !(total > 0 && total.isFinite)
    sum.update(repeating: 0)
    for answer in answers {
      let w = equal ? 1 / Float(answers.count) : answer.weight / total
      switch self {
      case .probabilities: addSoftmax(of: answer.outputs, times: w, to: sum)
      case .logits: add(answer.outputs, times: w, to: sum)
      }
    }
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
