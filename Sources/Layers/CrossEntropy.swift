import Foundation
package import Tensors

/// -log softmax(logits)[label] for every row, and its gradient.
package struct CrossEntropy: Sendable {
  /// The loss of each row.
  package let losses: [Float]
  private let probabilities: Tensor
  private let labels: [Int]

  /// `logits` `[batch, classes]`, one label a row.
  package init(_ logits: Tensor, _ labels: [Int]) {
    precondition(logits.shape.count == 2, "logits are [batch, classes], not \(logits.shape)")
    let classes = logits.shape[1]
    precondition(labels.count == logits.shape[0], "\(labels.count) labels for \(logits.shape[0]) rows")
    precondition(labels.allSatisfy { $0 >= 0 && $0 < classes }, "a label is not in 0..<\(classes)")
    let logProbabilities = logSoftmax(logits)
    losses = logProbabilities.withUnsafeBufferPointer { l in labels.indices.map { -l[$0 * classes + labels[$0]] } }
    probabilities = logProbabilities.map(exp)
    self.labels = labels
  }

  package var mean: Float { Float(losses.reduce(0.0) { $0 + Double($1) } / Double(max(losses.count, 1))) }

  /// dloss/dlogits where row i counts `weights[i]` times: weights[i] (softmax(logits_i) - onehot(label_i)).
  package func gradient(weights: [Float]) -> Tensor {
    precondition(weights.count == labels.count, "\(weights.count) weights for \(labels.count) rows")
    var gradient = probabilities
    let classes = probabilities.shape[1]
    gradient.withUnsafeMutableBufferPointer { g in
      for row in labels.indices {
        g[row * classes + labels[row]] -= 1
        for i in row * classes..<(row + 1) * classes { g[i] *= weights[row] }
      }
    }
    return gradient
  }

  /// dmean/dlogits.
  package var gradientOfMean: Tensor {
    gradient(weights: [Float](repeating: 1 / Float(max(labels.count, 1)), count: labels.count))
  }
}

/// The mean cross-entropy over a batch and its gradient with respect to the logits.
package func crossEntropy(_ logits: Tensor, _ labels: [Int]) -> (loss: Float, gradient: Tensor) {
  let entropy = CrossEntropy(logits, labels)
  return (entropy.mean, entropy.gradientOfMean)
}
