import Foundation

/// How far class scores are from what an image shows, l(x, y), with its gradient.
///
/// Cross-entropy against the label smoothed by ε, and with a teacher also the divergence from what that makes of the image
/// (``Distillation``).
struct ClassLoss {
  let classes: Int
  /// ε.
  let labelSmoothing: Float
  let distillation: Distillation?
  private var label = SoftLabel(0)
  /// The teacher's softmax(t/T), `[classes]`.
  private var taught: [Float]
  /// Σ_c taught_c log taught_c.
  private var taughtCertainty: Float = 0
  /// exp of the student's scores over T, `[classes]`.
  private var softened: [Float]

  init(classes: Int, labelSmoothing: Float, distillation: Distillation?) {
    self.classes = classes
    self.labelSmoothing = labelSmoothing
    self.distillation = distillation
    taught = [Float](repeating: 0, count: distillation == nil ? 0 : classes)
    softened = taught
  }

  /// Takes what the next image shows, and what the teacher says of it.
  ///
  /// - Parameter teacherScores: t, `[classes]`, where there is a teacher.
  mutating func take(_ label: SoftLabel, teacherScores: Slice<UnsafeBufferPointer<Float>>?) {
    self.label = label
    guard let distillation, let teacherScores else { return }
    for (c, score) in teacherScores.enumerated() { taught[c] = score / distillation.temperature }
    let (peak, total) = Self.exponentials(&taught, 0..<classes)
    let logTotal = logf(total)
    taughtCertainty = 0
    for (c, score) in teacherScores.enumerated() {
      taught[c] /= total
      taughtCertainty += taught[c] * (score / distillation.temperature - peak - logTotal)
    }
  }

  /// l(x, y); leaves dl/dx in the place of the scores x.
  ///
  /// - Parameter x: scores, of which those in `range`, as many as classes, are the image's.
  mutating func takeGradient(of x: inout [Float], _ range: Range<Int>) -> Float {
    let shown = label.share * x[range.lowerBound + label.first] + (1 - label.share) * x[range.lowerBound + label.second]
    var sum: Float = 0
    for i in range { sum += x[i] }
    let expected = (1 - labelSmoothing) * shown + labelSmoothing * sum / Float(classes)
    let divergence = distillation.map { self.divergence(from: x, range, temperature: $0.temperature) }
    let (peak, total) = Self.exponentials(&x, range)
    for i in range { x[i] = x[i] / total - target(i - range.lowerBound) }
    let entropy = logf(total) + peak - expected
    guard let distillation, let divergence else { return entropy }
    let (w, T) = (distillation.weight, distillation.temperature)
    for c in 0..<classes {
      let place = range.lowerBound + c
      x[place] = (1 - w) * x[place] + w * T * (softened[c] / divergence.total - taught[c])
    }
    return (1 - w) * entropy + w * T * T * divergence.value
  }

  /// KL(taught || softmax(x/T)); leaves the softmax times `total` in ``softened``.
  private mutating func divergence(
    from x: [Float], _ range: Range<Int>, temperature: Float
  ) -> (value: Float, total: Float) {
    var expected: Float = 0
    for c in 0..<classes {
      softened[c] = x[range.lowerBound + c] / temperature
      expected += taught[c] * softened[c]
    }
    let (peak, total) = Self.exponentials(&softened, 0..<classes)
    return (taughtCertainty - expected + peak + logf(total), total)
  }

  /// What the smoothed label gives class `c`.
  private func target(_ c: Int) -> Float {
    labelSmoothing / Float(classes) + (1 - labelSmoothing) * label.weight(of: c)
  }

  /// Puts exp(x - peak) in the place of x; `peak` is the greatest x, `total` the sum of what stands there then.
  static func exponentials(_ x: inout [Float], _ range: Range<Int>) -> (peak: Float, total: Float) {
    var peak = -Float.infinity
    for i in range { peak = max(peak, x[i]) }
    var total: Float = 0
    for i in range {
      x[i] = expf(x[i] - peak)
      total += x[i]
    }
    return (peak, total)
  }
}
