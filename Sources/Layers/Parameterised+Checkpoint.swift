package import Tensors

extension Parameterised {
  /// All parameters and buffers by name, for a checkpoint.
  package var namedTensors: [(name: String, value: Tensor)] { parameters.map { ($0.name, $0.value) } }

  /// Takes every parameter from a checkpoint, under `prefix` ("experts.3."); names and shapes must agree exactly.
  ///
  /// - Throws: `mismatch`, which names all tensors that disagree; the model is then unchanged.
  package mutating func load(_ file: Safetensors, prefix: String = "") throws(SafetensorsError) {
    var remaining = Dictionary(
      file.tensors.filter { $0.name.hasPrefix(prefix) }.map { (String($0.name.dropFirst(prefix.count)), $0.value) }
    ) { _, last in last }
    var missing: [String] = []
    var wrongShapes: [SafetensorsError.WrongShape] = []
    var loaded = self
    loaded.updateParameters { name, _, value in
      guard let new = remaining.removeValue(forKey: name) else {
        missing.append(prefix + name)
        return
      }
      guard new.shape == value.shape else {
        wrongShapes.append(.init(tensor: prefix + name, expected: value.shape, received: new.shape))
        return
      }
      value = new
    }
    let unexpected = remaining.keys.sorted().map { prefix + $0 }
    guard missing.isEmpty, unexpected.isEmpty, wrongShapes.isEmpty else {
      throw .mismatch(missing: missing, unexpected: unexpected, wrongShapes: wrongShapes)
    }
    self = loaded
  }
}
