package import MixtureOfExperts
import Randomness

/// Which experts are up for each sample of a training run: each is down with the same probability, never all.
package struct Availability: Sendable {
  private let expertCount: Int
  private let downShare: Double
  private let key: StreamKey

  package init(expertCount: Int, downShare: Double, seed: UInt64) {
    self.expertCount = expertCount
    self.downShare = downShare
    key = StreamKey(seed: seed, 0x7570)  // "up"
  }

  /// A pure function of the sample's number. If chance takes all experts, all are up.
  package func experts(ofSample sample: UInt64) -> ExpertSet {
    guard downShare > 0 else { return .all(expertCount) }
    var generator = CounterGenerator(key.appending(sample))
    let up = ExpertSet((0..<expertCount).filter { _ in generator.uniform() >= downShare })
    return up.isEmpty ? .all(expertCount) : up
  }
}
