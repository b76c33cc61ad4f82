package import Tensors

/// A file of named tensors in the safetensors format (https://github.com/huggingface/safetensors).
///
///      | header length u64 LE | header, JSON | data |
///      header: {"__metadata__": {"key": "text", ...}, "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ...}
///
/// Offsets count from the start of the data; the tensors cover it without holes or overlaps.
package struct Safetensors: Sendable {
  /// In the order of the data in the file.
  package var tensors: [(name: String, value: Tensor)]
  package var metadata: [String: String]

  package init(_ tensors: [(name: String, value: Tensor)] = [], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  package enum ElementType: String, Sendable, CaseIterable {
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"

    var byteCount: Int {
      switch self {
      case .float32: 4
      case .float16, .bfloat16: 2
      }
    }
  }

  /// The key of the metadata in the header.
  static let metadataKey = "__metadata__"

  package subscript(_ name: String) -> Tensor? { tensors.first { $0.name == name }?.value }
}
