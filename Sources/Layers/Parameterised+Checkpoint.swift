package import Tensors

extension Parameterised {
  /// All parameters and buffers by name, for a checkpoint.
  package var namedTensors: [(name: String, value: Tensor)] { parameters.map { ($0.name, $0.value) } }

  /// Takes every parameter from a checkpoint, under `prefix` ("experts.3."); names and shapes must agree exactly.
  ///
  /// - Throws: `missing`, `unexpected`, `wrongShape`; the model is then unchanged.
  package mutating func load(_ file: Safetensors, prefix: String = "") throws(SafetensorsError) {
    var remaining = Dictionary(
      file.tensors.filter { $0.name.hasPrefix(prefix) }.map { (String($0.name.dropFirst(prefix.count)), $0.value) }
    ) { _, last in last }
    var failure: SafetensorsError?
    var loaded = self
    loaded.updateParameters { name, _, value in
      guard let new = remaining.removeValue(forKey: name) else {
        failure = failure ?? .missing(tensor: prefix + name)
        return
      }
      guard new.shape == value.shape else {
        failure = failure ?? .wrongShape(tensor: prefix + name, expected: value.shape, received: new.shape)
        return
      }
      value = new
    }
    if let failure { throw failure }
    if let name = remaining.keys.min() { throw .unexpected(tensor: prefix + name) }
    self = loaded
  }
}
