package import Tensors

/// A file of named tensors in the safetensors format (https://github.com/huggingface/safetensors).
package struct Safetensors: Sendable {
  /// In the order of the data in the file.
  package var tensors: [(name: String, value: Tensor)]
  package var metadata: [String: String]

  package init(_ tensors: [(name: String, value: Tensor)] = [], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  package enum ElementType: String, Sendable {
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"
  }

  package subscript(_ name: String) -> Tensor? { tensors.first { $0.name == name }?.value }

  package static func read(_ path: String) throws(SafetensorsError) -> Safetensors {
    throw .unreadable(path: path, reason: "not built yet")
  }

  /// Decodes the bytes of a file; F16 and BF16 become float32.
  package init(decoding bytes: UnsafeRawBufferPointer) throws(SafetensorsError) {
    throw .truncated(expected: 8, received: bytes.count)
  }

  package func encoded(as type: ElementType = .float32) -> [UInt8] { [] }

  /// Replaces the file at `path` in one step: whoever reads it meanwhile sees the old or the new file, never half of one.
  package func write(to path: String, as type: ElementType = .float32) throws(SafetensorsError) {
    throw .unwritable(path: path, reason: "not built yet")
  }
}
