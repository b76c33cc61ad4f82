import Foundation
package import MixtureOfExperts
package import Tensors

/// The loss of a mixture for some images of a batch, with its gradients written beside it.
///
///     L = (1/B) Σ_i [ l(mix_i, y_i) + a Σ_k g_ik l(o_ik, y_i) + b (1/K) Σ_k l(o_ik, y_i) ] + λ R_bal
///
/// where l is cross-entropy (against labels smoothed by ε: 1 - ε for the right class and ε spread over all; where an image
/// shows two classes, each has its share of the 1 - ε; where a teacher has its part, ``Distillation``) and mix_i = Σ_k g_ik o_ik (eqs. 4 and 7, `.logits`) or, after the
/// softmax, mix_i = Σ_k g_ik softmax(o_ik) (`.probabilities`). The paper has a = b = 0.
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
  /// The teacher's part of every l; mixed probabilities have none.
  package var distillation: Distillation?

  package init(
    mixing: Combination, gatedExpertWeight: Float = 0, meanExpertWeight: Float = 0, balanceWeight: Float = 0,
    labelSmoothing: Float = 0, distillation: Distillation? = nil
  ) {
    precondition(distillation == nil || mixing == .logits, "a teacher beside mixed probabilities")
    self.labelSmoothing = labelSmoothing
    self.distillation = distillation
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
  ///   - teacherScores: t, `[n, classes]`, if there is a teacher.
  ///   - batchSize: B, of which these n images are a part.
  ///   - meanGate: ḡ over the whole batch, `[K]`.
  package func callAsFunction(
    g: Tensor, outputs: [Tensor], labels: [SoftLabel], teacherScores: Tensor? = nil, batchSize: Int,
    meanGate: [Float], expertsAreFrozen: Bool = false
  ) -> Value {
    let (n, K) = (g.rowCount, g.rowLength)
    let classes = outputs[0].rowLength
    precondition(labels.count == n && outputs.count == K && meanGate.count == K, "\(n) images, \(K) experts")
    precondition(
      (distillation == nil) == (teacherScores == nil) && teacherScores?.shape ?? [n, classes] == [n, classes],
      "a teacher's scores where there is a teacher, \([n, classes])")
    let balance = BalanceRegulariser.gradient(meanGate, batchSize: batchSize).map { balanceWeight * $0 }
    var gateGradient = Tensor(zeros: [n, K])
    var outputGradients = expertsAreFrozen ? [] : [Tensor](repeating: Tensor(zeros: [n, classes]), count: K)
    var image = ImageLoss(self, experts: K, classes: classes, share: 1 / Float(batchSize))
    var sum = 0.0
    for (i, label) in labels.enumerated() {
      for k in 0..<K {
        outputs[k].withUnsafeBufferPointer { image.take(k, $0[i * classes..<(i + 1) * classes]) }
      }
      if let teacherScores {
        teacherScores.withUnsafeBufferPointer { image.take(label, teacherScores: $0[i * classes..<(i + 1) * classes]) }
      } else {
        image.take(label, teacherScores: nil)
      }
      g.withUnsafeBufferPointer { g in
        sum += Double(image.evaluate(g: UnsafeBufferPointer(rebasing: g[i * K..<(i + 1) * K])))
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
  var classLoss: ClassLoss
  /// o_k and softmax(o_k), `[K, classes]`.
  var o: [Float]
  var p: [Float]
  /// dl(o_k, y)/do_k where experts have losses of their own, `[K, classes]`.
  var dExperts: [Float]
  /// Where outputs are mixed: the mix, and then dl(mix, y)/dmix, `[classes]`.
  var mix: [Float]
  /// Where probabilities are mixed: what the mix gives the label's two classes.
  var likelihoods: [Float] = [1, 1]
  /// dL/dg_k without the balance term, `[K]`.
  var dg: [Float]
  var g: [Float]
  var label = SoftLabel(0)

  init(_ loss: MixtureLoss, experts: Int, classes: Int, share: Float) {
    self.loss = loss
    K = experts
    self.classes = classes
    self.share = share
    classLoss = ClassLoss(classes: classes, labelSmoothing: loss.labelSmoothing, distillation: loss.distillation)
    o = [Float](repeating: 0, count: experts * classes)
    p = o
    dExperts = o
    dg = [Float](repeating: 0, count: experts)
    g = dg
    mix = [Float](repeating: 0, count: classes)
  }

  /// Whether experts answer for something by themselves.
  private var expertsHaveLosses: Bool { loss.gatedExpertWeight != 0 || loss.meanExpertWeight != 0 }

  /// Takes o_k, and makes its probabilities.
  mutating func take(_ k: Int, _ outputs: Slice<UnsafeBufferPointer<Float>>) {
    let row = k * classes
    var place = row
    for x in outputs {
      o[place] = x
      p[place] = x
      dExperts[place] = x
      place += 1
    }
    guard loss.mixing == .probabilities else { return }
    let (_, total) = ClassLoss.exponentials(&p, row..<row + classes)
    for i in row..<row + classes { p[i] /= total }
  }

  mutating func take(_ label: SoftLabel, teacherScores: Slice<UnsafeBufferPointer<Float>>?) {
    self.label = label
    classLoss.take(label, teacherScores: teacherScores)
  }

  /// The image's loss; leaves what the gradients need.
  mutating func evaluate(g: UnsafeBufferPointer<Float>) -> Float {
    let (a, b) = (loss.gatedExpertWeight, loss.meanExpertWeight)
    var value: Float = 0
    for k in 0..<K {
      self.g[k] = g[k]
      let own =
        expertsHaveLosses ? classLoss.takeGradient(of: &dExperts, k * classes..<(k + 1) * classes) : 0
      value += (a * g[k] + b / Float(K)) * own
      dg[k] = a * own
    }
    switch loss.mixing {
    case .logits:
      for c in 0..<classes {
        mix[c] = 0
        for k in 0..<K { mix[c] += g[k] * o[k * classes + c] }
      }
      value += classLoss.takeGradient(of: &mix, 0..<classes)
      for k in 0..<K {
        for c in 0..<classes { dg[k] += o[k * classes + c] * mix[c] }
      }
    case .probabilities:
      for place in 0..<2 where label[place].share > 0 {
        let shown = label[place]
        var likelihood = Self.leastLikelihood
        for k in 0..<K { likelihood += g[k] * p[k * classes + shown.index] }
        value -= shown.share * logf(likelihood)
        likelihoods[place] = likelihood
        for k in 0..<K { dg[k] -= shown.share * p[k * classes + shown.index] / likelihood }
      }
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
    for c in 0..<classes {
      let ofExpert = own == 0 ? 0 : own * dExperts[k * classes + c]
      let ofMix = loss.mixing == .logits ? g[k] * mix[c] : 0
      gradient[row + c] = share * (ofExpert + ofMix)
    }
    guard loss.mixing == .probabilities else { return }
    // d(-log Σ_k g_k p_k(y))/do_k has the form of a cross-entropy's, weighted by the expert's share of the likelihood.
    for place in 0..<2 where label[place].share > 0 {
      let shown = label[place]
      let weight = share * shown.share * g[k] * p[k * classes + shown.index] / likelihoods[place]
      for c in 0..<classes { gradient[row + c] += weight * (p[k * classes + c] - (c == shown.index ? 1 : 0)) }
    }
  }

  /// Keeps the logarithm finite where every expert rules out the right class.
  private static let leastLikelihood: Float = 1e-7
}
