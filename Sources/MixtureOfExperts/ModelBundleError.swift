package import Digests

/// Why a model cannot be loaded or stored, in one line.
package enum ModelBundleError: Error, Equatable, CustomStringConvertible {
  case missing(path: String)
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  case malformed(path: String, reason: String)
  case unsupportedFormat(path: String, expected: ClosedRange<Int>, received: Int)
  case digestMismatch(path: String, expected: SHA256Digest, received: SHA256Digest)
  case noSuchExpert(folder: String, index: Int, count: Int)
  case noSuchGate(model: String, kind: GateKind, available: [GateKind])
  case noLatentTable(model: String)
  case noHead(model: String)

  package var description: String {
    switch self {
    case .missing(let path):
      "\(path): no such file; a model is a folder with \(ModelBundle.descriptionFile) and weights"
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .unwritable(let path, let reason): "\(path): cannot be written: \(reason)"
    case .malformed(let path, let reason): "\(path): \(reason)"
    case .unsupportedFormat(let path, let expected, let received):
      "\(path): formatVersion: expected \(expected.lowerBound) to \(expected.upperBound), received \(received)"
    case .digestMismatch(let path, let expected, let received):
      "\(path): SHA-256: expected \(expected.hex), received \(received.hex)"
    case .noSuchExpert(let folder, let index, let count):
      "\(folder): expert: expected 0 to \(count - 1), received \(index)"
    case .noSuchGate(let model, let kind, let available):
      "model \(model): no \(kind.rawValue) gate, which \(kind == .base ? "stage 1" : "stage 2") trains; it has "
        + (available.isEmpty ? "none" : available.map(\.rawValue).joined(separator: ", "))
    case .noHead(let model):
      "model \(model): head: not there, for its experts answer with class scores"
    case .noLatentTable(let model):
      "model \(model): latentTable: expected a Huffman table for digital links, not there (stage 2 makes it)"
    }
  }
}
