import Layers
import Tensors

/// The backends that this machine has.
let backends = Kernels.availableNames

/// Reproducible numbers (SplitMix64), so that a failing test fails again.
struct Numbers: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64 = 1) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func tensor(_ shape: [Int]) -> Tensor { Tensor(uniform: 1, shape: shape, using: &self) }

  /// Numbers that are `gap` apart and none of them close to 0, so that a small step changes neither a sign nor which is
  /// largest.
  mutating func spreadTensor(_ shape: [Int], gap: Float) -> Tensor {
    let count = shape.reduce(1, *)
    let values = (0..<count).map { (Float($0) - (Float(count) / 2).rounded() + 0.5) * gap }
    return Tensor(values.shuffled(using: &self), shape: shape)
  }
}

extension Tensor {
  /// The largest difference, as a share of the largest value.
  func relativeDistance(to other: Tensor) -> Float {
    guard shape == other.shape else { return .infinity }
    let scale = zip(scalars, other.scalars).reduce(Float(1e-6)) { max($0, abs($1.0), abs($1.1)) }
    let distance = zip(scalars, other.scalars).reduce(Float(0)) { worst, pair in
      let difference = abs(pair.0 - pair.1)
      return difference.isNaN ? .infinity : max(worst, difference)
    }
    return distance / scale
  }
}
