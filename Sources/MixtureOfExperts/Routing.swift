import Foundation

/// Which experts the images of a batch should be sent to, best first, and with which weights.
///
/// One flat value for a whole batch, so that routing allocates the same few arrays however many images share it.
package struct Routing: Sendable {
  package let imageCount: Int
  package let expertCount: Int
  /// g, `[images, K]`: softmax over the eligible experts, 0 for the others; equal for policies that do not weigh.
  package private(set) var weights: [Float]
  /// `[images, K]`: the eligible experts by falling preference, then the others.
  private var ranking: [UInt8]
  private var eligible: [ExpertSet]
  /// `[images, K]`; nil for policies that do not weigh.
  private let logits: [Float]?

  /// Ranks by falling logit and weighs by softmax, both over the eligible experts only; of equals the lower index leads.
  ///
  /// `logits` and thus `weights` are `[images, K]`; `eligible` has one set an image.
  package init(logits: [Float], eligible: [ExpertSet], expertCount: Int) {
    self.init(eligible: eligible, scores: logits, expertCount: expertCount, logits: logits)
    weights.withUnsafeMutableBufferPointer { weights in
      for image in eligible.indices where !eligible[image].isEmpty {
        let row = UnsafeMutableBufferPointer(rebasing: weights[image * expertCount..<(image + 1) * expertCount])
        for k in row.indices {
          row[k] = eligible[image].contains(expert: k) ? orderable(logits[image * expertCount + k]) : -.infinity
        }
        softmaxInPlace(row)
        for k in row.indices where !eligible[image].contains(expert: k) { row[k] = 0 }
      }
    }
  }

  /// Ranks by falling score; of equals the one that is earlier in the image's order leads. The eligible weigh equally.
  ///
  /// `scores` and `orders` are `[images, K]`; each image's order is a permutation of its experts.
  package init(scores: [Float], orders: [UInt8], eligible: [ExpertSet], expertCount: Int) {
    self.init(eligible: eligible, scores: scores, orders: orders, expertCount: expertCount, logits: nil)
    for i in weights.indices where eligible[i / expertCount].contains(expert: i % expertCount) {
      weights[i] = 1 / Float(eligible[i / expertCount].count)
    }
  }

  /// Ranks, and leaves the weights at zero.
  private init(
    eligible: [ExpertSet], scores: [Float], orders: [UInt8]? = nil, expertCount: Int, logits: [Float]?
  ) {
    precondition((1...ExpertSet.capacity).contains(expertCount), "\(expertCount) experts")
    precondition(
      scores.count == eligible.count * expertCount && (orders.map { $0.count == scores.count } ?? true),
      "\(scores.count) scores for \(eligible.count) images of \(expertCount) experts")
    imageCount = eligible.count
    self.expertCount = expertCount
    self.logits = logits
    self.eligible = eligible
    weights = [Float](repeating: 0, count: scores.count)
    ranking = [UInt8](repeating: 0, count: scores.count)
    for image in eligible.indices {
      let row = image * expertCount
      // Insertion sort: stable, and K is small.
      for visited in 0..<expertCount {
        let k = orders.map { Int($0[row + visited]) } ?? visited
        var place = visited
        while place > 0, precedes(k, Int(ranking[row + place - 1]), image: image, scores: scores) {
          ranking[row + place] = ranking[row + place - 1]
          place -= 1
        }
        ranking[row + place] = UInt8(k)
      }
    }
  }

  private func precedes(_ a: Int, _ b: Int, image: Int, scores: [Float]) -> Bool {
    let (aIsEligible, bIsEligible) = (eligible[image].contains(expert: a), eligible[image].contains(expert: b))
    guard aIsEligible == bIsEligible else { return aIsEligible }
    return orderable(scores[image * expertCount + a]) > orderable(scores[image * expertCount + b])
  }

  package func weight(ofExpert k: Int, image: Int) -> Float { weights[image * expertCount + k] }

  /// The `k` most preferred eligible experts of an image, best first; fewer if fewer are eligible.
  package func top(_ k: Int, image: Int) -> [Int] {
    let row = image * expertCount
    return ranking[row..<row + min(k, eligible[image].count)].map(Int.init)
  }

  /// The most preferred expert, none if nobody is eligible.
  package func best(image: Int) -> Int? {
    eligible[image].isEmpty ? nil : Int(ranking[image * expertCount])
  }

  /// The next-best expert for a re-dispatch: the most preferred of those in `candidates` (still up, not yet tried).
  ///
  /// Experts that were not eligible when the image was routed come after those that were. With `penalties`, in units of
  /// ln g, `[K]`, the eligible one with the largest ln g_k − penalty_k is preferred, where the policy weighs at all. (By logits,
  /// which differ from ln g by the same number for all, and do not vanish where g does.)
  package func next(image: Int, among candidates: ExpertSet, penalties: [Float]? = nil) -> Int? {
    let row = image * expertCount
    if let penalties, let logits {
      precondition(penalties.count == expertCount, "\(penalties.count) penalties of \(expertCount) experts")
      let weighed = (0..<expertCount).filter {
        candidates.contains(expert: $0) && eligible[image].contains(expert: $0)
      }
      let best = weighed.max { a, b in
        orderable(logits[row + a]) - penalties[a] < orderable(logits[row + b]) - penalties[b]
      }
      if let best { return best }
    }
    for place in row..<row + expertCount where candidates.contains(expert: Int(ranking[place])) {
      return Int(ranking[place])
    }
    return nil
  }
}

/// A score that is not a number (a broken gate) ranks last instead of breaking the order.
private func orderable(_ score: Float) -> Float { score.isNaN ? -.infinity : score }
