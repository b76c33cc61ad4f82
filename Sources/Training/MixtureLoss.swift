import Foundation
package import MixtureOfExperts
package import Tensors

/// The loss of a mixture for some images of a batch, with its gradients written beside it.
///
///     L = (1/B) Σ_i [ l(mix_i, y_i) + a Σ_k g_ik l(o_ik, y_i) + b (1/K) Σ_k l(o_ik, y_i) ] + λ R_bal
///
/// where l is cross-entropy (against labels smoothed by ε: 1 - ε for the right class and ε spread over all) and mix_i = Σ_k g_ik o_ik (eqs. 4 and 7, `.logits`) or, after the softmax,
/// mix_i = Σ_k g_ik softmax(o_ik) (`.probabilities`). The paper has a = b = 0.
package struct MixtureLoss: Hashable, Sendable {
  package var mixing: Combination
  /// a.
  package var gatedExpertWeight: Float
  /// b.
  package var meanExpertWeight: Float
  /// λ.
  package var balanceWeight: Float
  /// ε; mixed probabilities keep their sharp label.
  package var labelSmoothing: Float

  package init(
    mixing: Combination, gatedExpertWeight: Float = 0, meanExpertWeight: Float = 0, balanceWeight: Float = 0,
    labelSmoothing: Float = 0
  ) {
    self.labelSmoothing = labelSmoothing
    self.mixing = mixing
    self.gatedExpertWeight = gatedExpertWeight
    self.meanExpertWeight = meanExpertWeight
    self.balanceWeight = balanceWeight
  }

  package struct Value {
    /// Σ_i of everything but λ R_bal, over the images given; divide by B.
    package var sum: Double
    /// dL/d(gate logits), `[n, K]`.
    package var gateLogitsGradient: Tensor
    /// dL/do_k, K times `[n, classes]`; empty if the experts are frozen.
    package var outputGradients: [Tensor]
  }

  /// - Parameters:
  ///   - g: the gate's softmax, `[n, K]`; 0 for experts that are masked.
  ///   - outputs: o_k, K times `[n, classes]`.
  ///   - batchSize: B, of which these n images are a part.
  ///   - meanGate: ḡ over the whole batch, `[K]`.
  package func callAsFunction(
    g: Tensor, outputs: [Tensor], labels: ArraySlice<Int>, batchSize: Int, meanGate: [Float],
    expertsAreFrozen: Bool = false
  ) -> Value {
    let (n, K) = (g.rowCount, g.rowLength)
    let classes = outputs[0].rowLength
    precondition(labels.count == n && outputs.count == K && meanGate.count == K, "\(n) images, \(K) experts")
    let balance = BalanceRegulariser.gradient(meanGate, batchSize: batchSize).map { balanceWeight * $0 }
    var gateGradient = Tensor(zeros: [n, K])
    var outputGradients = expertsAreFrozen ? [] : [Tensor](repeating: Tensor(zeros: [n, classes]), count: K)
    var image = ImageLoss(self, experts: K, classes: classes, share: 1 / Float(batchSize))
    var sum = 0.0
    for (i, label) in labels.enumerated() {
      for k in 0..<K {
        outputs[k].withUnsafeBufferPointer { image.take(k, $0[i * classes..<(i + 1) * classes]) }
      }
      g.withUnsafeBufferPointer { g in
        sum += Double(image.evaluate(g: UnsafeBufferPointer(rebasing: g[i * K..<(i + 1) * K]), label: label))
      }
      gateGradient.withUnsafeMutableBufferPointer { image.writeGateGradient($0, row: i * K, balance: balance) }
      guard !expertsAreFrozen else { continue }
      for k in 0..<K {
        outputGradients[k].withUnsafeMutableBufferPointer { image.writeOutputGradient(k, $0, row: i * classes) }
      }
    }
    return Value(sum: sum, gateLogitsGradient: gateGradient, outputGradients: outputGradients)
  }
}

/// One image's terms; the arrays are reused from image to image.
private struct ImageLoss {
  let loss: MixtureLoss
  let K: Int
  let classes: Int
  /// 1/B.
  let share: Float
  /// o_k and softmax(o_k), `[K, classes]`.
  var o: [Float]
  var p: [Float]
  /// l(o_k, y), `[K]`.
  var entropies: [Float]
  /// The mix, and then its softmax if outputs are mixed, `[classes]`.
  var mix: [Float]
  /// dL/dg_k without the balance term, `[K]`.
  var dg: [Float]
  var g: [Float]
  var label = 0

  init(_ loss: MixtureLoss, experts: Int, classes: Int, share: Float) {
    self.loss = loss
    K = experts
    self.classes = classes
    self.share = share
    o = [Float](repeating: 0, count: experts * classes)
    p = o
    entropies = [Float](repeating: 0, count: experts)
    dg = entropies
    g = entropies
    mix = [Float](repeating: 0, count: classes)
  }

  /// Takes o_k, and makes its probabilities.
  mutating func take(_ k: Int, _ outputs: Slice<UnsafeBufferPointer<Float>>) {
    let row = k * classes
    var place = row
    for x in outputs {
      o[place] = x
      p[place] = x
      place += 1
    }
    Self.softmax(&p, row..<row + classes)
  }

  /// The image's loss; leaves what the gradients need.
  mutating func evaluate(g: UnsafeBufferPointer<Float>, label: Int) -> Float {
    self.label = label
    let (a, b) = (loss.gatedExpertWeight, loss.meanExpertWeight)
    var value: Float = 0
    for k in 0..<K {
      self.g[k] = g[k]
      entropies[k] = a == 0 && b == 0 ? 0 : entropy(o, k * classes..<(k + 1) * classes)
      value += (a * g[k] + b / Float(K)) * entropies[k]
      dg[k] = a * entropies[k]
    }
    switch loss.mixing {
    case .logits:
      for c in 0..<classes {
        mix[c] = 0
        for k in 0..<K { mix[c] += g[k] * o[k * classes + c] }
      }
      value += entropy(mix, 0..<classes)
      Self.softmax(&mix, 0..<classes)
      for c in 0..<classes { mix[c] -= target(c) }
      for k in 0..<K {
        for c in 0..<classes { dg[k] += o[k * classes + c] * mix[c] }
      }
    case .probabilities:
      var likelihood = Self.leastLikelihood
      for k in 0..<K { likelihood += g[k] * p[k * classes + label] }
      value -= logf(likelihood)
      mix[0] = likelihood
      for k in 0..<K { dg[k] -= p[k * classes + label] / likelihood }
    }
    return value
  }

  /// Through the softmax: dL/dlogit_k = g_k (dL/dg_k - Σ_j g_j dL/dg_j).
  func writeGateGradient(_ gradient: UnsafeMutableBufferPointer<Float>, row: Int, balance: [Float]) {
    var mean: Float = 0
    for k in 0..<K { mean += g[k] * (share * dg[k] + balance[k]) }
    for k in 0..<K { gradient[row + k] = g[k] * (share * dg[k] + balance[k] - mean) }
  }

  func writeOutputGradient(_ k: Int, _ gradient: UnsafeMutableBufferPointer<Float>, row: Int) {
    let own = loss.gatedExpertWeight * g[k] + loss.meanExpertWeight / Float(K)
    // d(-log Σ_k g_k p_k(y))/do_k has the form of a cross-entropy's, weighted by the expert's share of the likelihood.
    let mixed = loss.mixing == .probabilities ? g[k] * p[k * classes + label] / mix[0] : 0
    for c in 0..<classes {
      let probability = p[k * classes + c]
      let ofMix = loss.mixing == .logits ? g[k] * mix[c] : 0
      gradient[row + c] =
        share * (own * (probability - target(c)) + mixed * (probability - (c == label ? 1 : 0)) + ofMix)
    }
  }

  /// Keeps the logarithm finite where every expert rules out the right class.
  private static let leastLikelihood: Float = 1e-7

  /// What the smoothed label gives class `c`.
  private func target(_ c: Int) -> Float {
    loss.labelSmoothing / Float(classes) + (c == label ? 1 - loss.labelSmoothing : 0)
  }

  /// -Σ_c target_c log softmax(x)_c.
  private func entropy(_ x: [Float], _ range: Range<Int>) -> Float {
    var peak = -Float.infinity
    for i in range { peak = max(peak, x[i]) }
    var (total, sum): (Float, Float) = (0, 0)
    for i in range {
      total += expf(x[i] - peak)
      sum += x[i]
    }
    let expected = (1 - loss.labelSmoothing) * x[range.lowerBound + label] + loss.labelSmoothing * sum / Float(classes)
    return logf(total) + peak - expected
  }

  private static func softmax(_ x: inout [Float], _ range: Range<Int>) {
    var peak = -Float.infinity
    for i in range { peak = max(peak, x[i]) }
    var total: Float = 0
    for i in range {
      x[i] = expf(x[i] - peak)
      total += x[i]
    }
    for i in range { x[i] /= total }
  }
}
