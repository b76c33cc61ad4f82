/// Why a file is no safetensors file that we can use.
package enum SafetensorsError: Error, Equatable, CustomStringConvertible {
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  case truncated(expected: Int, received: Int)
  case malformed(reason: String)
  case unsupportedType(tensor: String, type: String)
  /// The tensors are not those of the network: names without a tensor, tensors without a place, other shapes.
  case mismatch(missing: [String], unexpected: [String], wrongShapes: [WrongShape])

  package struct WrongShape: Sendable, Hashable {
    package let tensor: String
    package let expected: [Int]
    package let received: [Int]

    package init(tensor: String, expected: [Int], received: [Int]) {
      self.tensor = tensor
      self.expected = expected
      self.received = received
    }
  }

  package var description: String {
    switch self {
    case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
    case .unwritable(let path, let reason): "cannot write \(path): \(reason)"
    case .truncated(let expected, let received): "safetensors: expected \(expected) bytes, received \(received)"
    case .malformed(let reason): "safetensors: \(reason)"
    case .unsupportedType(let tensor, let type): "tensor \(tensor): expected type F32, F16 or BF16, received \(type)"
    case .mismatch(let missing, let unexpected, let wrongShapes):
      [
        missing.isEmpty ? nil : "missing: " + missing.joined(separator: ", "),
        unexpected.isEmpty ? nil : "unexpected: " + unexpected.joined(separator: ", "),
        wrongShapes.isEmpty
          ? nil
          : "wrong shape: "
            + wrongShapes.map { "\($0.tensor) (expected \($0.expected), received \($0.received))" }
            .joined(separator: ", "),
      ].compactMap(\.self).joined(separator: "; ")
    }
  }
}
