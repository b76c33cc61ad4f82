/// Why a file is no safetensors file that we can use.
package enum SafetensorsError: Error, Equatable, CustomStringConvertible {
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  case truncated(expected: Int, received: Int)
  case malformed(reason: String)
  case unsupportedType(tensor: String, type: String)
  case missing(tensor: String)
  case unexpected(tensor: String)
  case wrongShape(tensor: String, expected: [Int], received: [Int])

  package var description: String {
    switch self {
    case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
    case .unwritable(let path, let reason): "cannot write \(path): \(reason)"
    case .truncated(let expected, let received): "safetensors: expected \(expected) bytes, received \(received)"
    case .malformed(let reason): "safetensors: \(reason)"
    case .unsupportedType(let tensor, let type): "tensor \(tensor): expected type F32, F16 or BF16, received \(type)"
    case .missing(let tensor): "tensor \(tensor): expected, not in the file"
    case .unexpected(let tensor): "tensor \(tensor): in the file, but the network has no such parameter"
    case .wrongShape(let tensor, let expected, let received):
      "tensor \(tensor): expected shape \(expected), received \(received)"
    }
  }
}
