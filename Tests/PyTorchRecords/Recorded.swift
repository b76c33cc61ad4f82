import Foundation
import Layers
package import Tensors

/// A file that `record.py` made of PyTorch's results.
package struct Recorded {
  private let file: Safetensors

  package init(_ name: String) throws { file = try Safetensors.read(Recorded.path(name + ".safetensors")) }

  package static func path(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Recorded/\(name)").path
  }

  package subscript(_ name: String) -> Tensor {
    guard let tensor = file[name] else { fatalError("\(name) is not recorded") }
    return tensor
  }
}
