import Foundation
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

  /// The numbers of `record.py`, bit for bit: evenly spread in [-scale, scale).
  static func formula(_ salt: UInt64, _ shape: [Int], _ scale: Float) -> Tensor {
    Tensor(shape) { values in
      for i in values.indices {
        var hashed = UInt32(truncatingIfNeeded: (UInt64(i) + salt * 1_000_003) &* 2_654_435_761)
        hashed = (hashed ^ (hashed >> 15)) &* 2_246_822_519
        values[i] = Float((Double(hashed >> 8) / Double(1 << 23) - 1) * Double(scale))
      }
    }
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

/// A file that `record.py` made of PyTorch's results.
struct Recorded {
  private let file: Safetensors

  init(_ name: String) throws { file = try Safetensors.read(Recorded.path(name + ".safetensors")) }

  static func path(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Recorded/\(name)").path
  }

  subscript(_ name: String) -> Tensor {
    guard let tensor = file[name] else { fatalError("\(name) is not recorded") }
    return tensor
  }
}
