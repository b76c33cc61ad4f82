import Foundation
package import Tensors

/// The inputs and weights of `record.py`, which are not recorded, bit for bit.
package enum Formula {
  /// Evenly spread in [-scale, scale).
  package static func numbers(_ salt: UInt64, _ shape: [Int], _ scale: Float) -> Tensor {
    Tensor(shape) { values in
      for i in values.indices {
        var hashed = UInt32(truncatingIfNeeded: (UInt64(i) + salt * 1_000_003) &* 2_654_435_761)
        hashed = (hashed ^ (hashed >> 15)) &* 2_246_822_519
        values[i] = Float((Double(hashed >> 8) / Double(1 << 23) - 1) * Double(scale))
      }
    }
  }

  /// Weights that keep a network's numbers near 1.
  package static func weights(_ salt: UInt64, _ name: String, _ shape: [Int]) -> Tensor {
    switch shape.count {
    case 2, 4:
      let spread = shape.count == 4 ? 6.0 : 3.0
      let inputs = Double(shape.dropFirst().reduce(1, *))
      return numbers(salt, shape, Float(exp2(floor(log2((spread / inputs).squareRoot())))))
    case 1 where name.hasSuffix("weight") || name.hasSuffix("running_var"):
      return numbers(salt, shape, 0.25).map { 1 + $0 }
    default: return numbers(salt, shape, 0.125)
    }
  }

  /// The weights of a whole network that has tensors of such names and shapes: each by the place of its name among all.
  package static func weights(like tensors: [(name: String, value: Tensor)]) -> [(name: String, value: Tensor)] {
    tensors.sorted { $0.name < $1.name }.enumerated().map { place, tensor in
      (tensor.name, weights(UInt64(place + 1), tensor.name, tensor.value.shape))
    }
  }
}
