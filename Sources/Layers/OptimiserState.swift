import Tensors

/// What a checkpoint holds of an optimiser, by name, checked as it is taken out.
struct OptimiserState {
  private let values: [String: Tensor]

  init(_ state: [(name: String, value: Tensor)]) {
    values = Dictionary(state.map { ($0.name, $0.value) }) { _, last in last }
  }

  /// The tensors whose names begin with `prefix`, by the names of trainable parameters of the model, each of its parameter's
  /// shape; a parameter that was never moved has none.
  func tensors<Model: Parameterised>(_ prefix: String, for model: Model) throws(SafetensorsError) -> [String: Tensor] {
    let found = values.filter { $0.key.hasPrefix(prefix) }
    var shapes: [String: [Int]] = [:]
    for parameter in model.parameters where parameter.role != .buffer {
      shapes[prefix + parameter.name] = parameter.value.shape
    }
    let unexpected = found.keys.filter { shapes[$0] == nil }.sorted()
    let wrong = found.keys.sorted().compactMap { name -> SafetensorsError.WrongShape? in
      guard let expected = shapes[name], let received = found[name]?.shape, expected != received else { return nil }
      return SafetensorsError.WrongShape(tensor: name, expected: expected, received: received)
    }
    guard unexpected.isEmpty && wrong.isEmpty else {
      throw .mismatch(missing: [], unexpected: unexpected, wrongShapes: wrong)
    }
    return Dictionary(uniqueKeysWithValues: found.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
  }

  /// Numbers of steps, one a name.
  func counts(
    _ prefix: String, of names: some Sequence<String>
  ) throws(SafetensorsError) -> [String: Int] {
    var counts: [String: Int] = [:]
    for name in names {
      let value = values[prefix + name]
      guard let value, value.count == 1, let count = Int(exactly: value[0]), count > 0 else {
        throw .malformed(
          reason: "\(prefix)\(name): expected a number of steps, received \(value.map { "\($0)" } ?? "nothing")")
      }
      counts[name] = count
    }
    return counts
  }
}
