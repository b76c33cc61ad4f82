import Tensors

/// Reproducible numbers (SplitMix64), so that a failing test fails again.
struct Numbers: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64 = 1) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func tensor(_ shape: [Int]) -> Tensor {
    Tensor(shape) { values in for i in values.indices { values[i] = Float.random(in: -1...1, using: &self) } }
  }
}

extension Tensor {
  /// The largest difference, as a share of the largest value.
  func relativeDistance(to other: Tensor) -> Float {
    guard shape == other.shape else { return .infinity }
    let scale = zip(scalars, other.scalars).reduce(Float(1e-3)) { max($0, abs($1.0), abs($1.1)) }
    let distance = zip(scalars, other.scalars).reduce(Float(0)) { worst, pair in
      let difference = abs(pair.0 - pair.1)
      return difference.isNaN ? .infinity : max(worst, difference)
    }
    return distance / scale
  }
}

/// The backends that this machine has.
let backends = Kernels.availableNames
