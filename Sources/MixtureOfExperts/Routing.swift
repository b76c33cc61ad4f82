/// Which experts the images of a batch should be sent to, best first, and with which weights.
///
/// One flat value for a whole batch, so that routing allocates the same few arrays however many images share it.
package struct Routing: Sendable {
  package let imageCount: Int
  package let expertCount: Int
  /// g, `[images, K]`: softmax over the eligible experts, 0 for the others; equal for policies that do not weigh.
  package private(set) var weights: [Float]
  /// `[images, K]`: the eligible experts by falling preference, then the others by index.
  private var ranking: [UInt8]
  private var eligible: [ExpertSet]

  /// Ranks by falling score and weighs by softmax of the scores, both over the eligible experts only; of equals the lower index leads.
  ///
  /// `logits` and thus `weights` are `[images, K]`; `eligible` has one set an image.
  package init(logits: [Float], eligible: [ExpertSet], expertCount: Int) {
    self.init(scores: logits, eligible: eligible, expertCount: expertCount) { scores, weights in
      for k in weights.indices { weights[k] = scores[k] }
      softmaxInPlace(weights)
    }
  }

  /// Ranks by falling score; the eligible experts weigh equally.
  package init(equallyWeighedScores scores: [Float], eligible: [ExpertSet], expertCount: Int) {
    self.init(scores: scores, eligible: eligible, expertCount: expertCount) { _, weights in
      weights.update(repeating: 1 / Float(weights.count))
    }
  }

  private init(
    scores: [Float], eligible: [ExpertSet], expertCount: Int,
    weigh: (_ scores: UnsafeBufferPointer<Float>, _ weights: UnsafeMutableBufferPointer<Float>) -> Void
  ) {
    precondition(
      (1...ExpertSet.capacity).contains(expertCount), "\(expertCount) experts, not 1 to \(ExpertSet.capacity)")
    precondition(
      scores.count == eligible.count * expertCount,
      "\(scores.count) scores for \(eligible.count) images of \(expertCount) experts")
    imageCount = eligible.count
    self.expertCount = expertCount
    self.eligible = eligible
    weights = [Float](repeating: 0, count: scores.count)
    ranking = [UInt8](repeating: 0, count: scores.count)
    // One row's eligible experts, their scores and weights, packed together.
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * expertCount) { scratch in
      for image in eligible.indices {
        let row = image * expertCount
        var count = 0
        var left = expertCount
        for k in (0..<expertCount).reversed() where !eligible[image].contains(expert: k) {
          left -= 1
          ranking[row + left] = UInt8(k)
        }
        for k in 0..<expertCount where eligible[image].contains(expert: k) {
          // NaN scores (a broken gate) rank last instead of breaking the order.
          let score = scores[row + k].isNaN ? -Float.infinity : scores[row + k]
          var place = count
          while place > 0, scratch[place - 1] < score {
            scratch[place] = scratch[place - 1]
            ranking[row + place] = ranking[row + place - 1]
            place -= 1
          }
          scratch[place] = score
          ranking[row + place] = UInt8(k)
          count += 1
        }
        guard count > 0 else { continue }
        let packed = UnsafeMutableBufferPointer(rebasing: scratch[expertCount..<expertCount + count])
        weigh(UnsafeBufferPointer(rebasing: scratch[0..<count]), packed)
        for place in 0..<count { weights[row + Int(ranking[row + place])] = packed[place] }
      }
    }
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
  /// Experts that were not eligible when the image was routed come after those that were.
  package func next(image: Int, among candidates: ExpertSet) -> Int? {
    let row = image * expertCount
    for place in row..<row + expertCount where candidates.contains(expert: Int(ranking[place])) {
      return Int(ranking[place])
    }
    return nil
  }
}
