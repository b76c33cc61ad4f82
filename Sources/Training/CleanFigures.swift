import Foundation
import Layers
package import MixtureOfExperts
package import Tensors

/// What a mixture does on ideal links, and whether its experts are real specialists.
package struct CleanFigures: Codable, Hashable, Sendable {
  /// Per cent right when the `base` gate's first choice answers (the paper's base accuracy).
  package var baseAccuracy: Double
  /// Per cent right of every expert on its own, on all images. `[K]`
  package var expertAccuracies: [Double]
  /// Per cent right when all experts' probabilities count equally.
  package var uniformAccuracy: Double
  /// Share of the images that the gate gives to each expert. `[K]`
  package var loads: [Double]
  /// Per cent of the images on which two experts name different classes, averaged over all pairs.
  package var pairwiseDisagreement: Double
  /// I(expert chosen; class), bits; at most log2 of the smaller count.
  package var mutualInformation: Double
  /// Per cent of the images that at least one expert gets right.
  package var oracleAccuracy: Double

  package var bestExpertAccuracy: Double { expertAccuracies.max() ?? 0 }

  package init(z: Tensor, labels: [Int], gate: Gate, experts: [Expert], head: Head?) {
    let pieces = shards(of: labels.count, size: 250)
    let answers = parallelMap(pieces.count) { piece in
      let rows = z.rows(pieces[piece])
      let outputs = experts.map { classScores(of: $0(rows), by: head) }
      return (
        chosen: gate(rows).argmaxOfRows, named: outputs.map(\.argmaxOfRows),
        uniform: outputs.map { softmax($0) }.dropFirst().reduce(softmax(outputs[0]), +).argmaxOfRows
      )
    }
    let chosen = answers.flatMap(\.chosen)
    let named = experts.indices.map { k in answers.flatMap { $0.named[k] } }
    func percent(_ isHit: (Int) -> Bool) -> Double {
      100 * Double(labels.indices.count(where: isHit)) / Double(labels.count)
    }
    baseAccuracy = percent { named[chosen[$0]][$0] == labels[$0] }
    expertAccuracies = named.map { classes in percent { classes[$0] == labels[$0] } }
    uniformAccuracy = percent { i in answers[i / 250].uniform[i % 250] == labels[i] }
    oracleAccuracy = percent { i in named.contains { $0[i] == labels[i] } }
    loads = experts.indices.map { k in percent { chosen[$0] == k } / 100 }
    var disagreements: [Double] = []
    for a in experts.indices {
      for b in 0..<a { disagreements.append(percent { named[a][$0] != named[b][$0] }) }
    }
    pairwiseDisagreement = disagreements.reduce(0, +) / Double(max(disagreements.count, 1))
    mutualInformation = Self.mutualInformation(chosen, labels)
  }

  /// I(A; B) = Σ p(a,b) log2 (p(a,b)/(p(a) p(b))) of two aligned lists of categories, from their counts.
  package static func mutualInformation(_ a: [Int], _ b: [Int]) -> Double {
    var joint: [[Int]: Int] = [:]
    var (countsOfA, countsOfB): ([Int: Int], [Int: Int]) = ([:], [:])
    for (x, y) in zip(a, b) {
      joint[[x, y], default: 0] += 1
      countsOfA[x, default: 0] += 1
      countsOfB[y, default: 0] += 1
    }
    let n = Double(a.count)
    return joint.sorted { $0.key.lexicographicallyPrecedes($1.key) }.reduce(0) { sum, cell in
      let independent = Double(countsOfA[cell.key[0], default: 0]) * Double(countsOfB[cell.key[1], default: 0])
      return sum + Double(cell.value) / n * log2(Double(cell.value) * n / independent)
    }
  }

  package var asMetrics: [String: Double] {
    [
      "base_accuracy": baseAccuracy, "best_expert_accuracy": bestExpertAccuracy,
      "mean_expert_accuracy": expertAccuracies.reduce(0, +) / Double(expertAccuracies.count),
      "uniform_accuracy": uniformAccuracy, "disagreement": pairwiseDisagreement,
      "mutual_information": mutualInformation,
    ]
  }
}
