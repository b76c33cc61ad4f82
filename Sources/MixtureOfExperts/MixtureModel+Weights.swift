package import Layers
import Tensors

/// All weights of a model under one visitor, by the names of a PyTorch module that has a `backbone`, a `ModuleDict` of
/// `gates`, a `ModuleList` of `experts` and, where there is one, a linear `head`.
extension MixtureModel: Parameterised {
  package mutating func visitParameters(_ visit: ParameterVisitor) {
    backbone.visitParameters(visit.under("backbone"))
    for kind in GateKind.allCases { gates[kind]?.visitParameters(visit.under("gates").under(kind.rawValue)) }
    for k in experts.indices { experts[k].visitParameters(visit.under("experts").under(k)) }
    head?.visitParameters(visit.under("head"))
  }
}

extension MixtureModel {
  /// The weights as a PyTorch state dict: of one part under its own names (`conv1.weight`), of the whole model under
  /// `backbone.`, `gates.base.`, `experts.0.` and so on.
  ///
  /// - Throws: `noSuchGate`, `noSuchExpert`, `noHead`.
  package func stateDict(of part: ModelPart? = nil) throws(ModelBundleError) -> Safetensors {
    let tensors =
      switch part {
      case nil: namedTensors
      case .backbone: backbone.namedTensors
      case .gate(let kind): try gate(kind).namedTensors
      case .expert(let k): try expert(k).namedTensors
      case .head: try presentHead().namedTensors
      }
    // Readers of the PyTorch world ask for "format".
    return Safetensors(tensors, metadata: ["format": "pt"])
  }

  /// Takes weights from a state dict, all or nothing.
  ///
  /// - Parameter prefix: only tensors whose names begin so count, by the rest of their names.
  /// - Throws: `noSuchGate`, `noSuchExpert`, `noHead`; `malformed`, naming every tensor that is missing, unexpected or of another
  ///   shape, or one with a number that is not finite. The model is then unchanged.
  package mutating func load(
    _ file: Safetensors, from path: String, part: ModelPart? = nil, prefix: String = ""
  ) throws(ModelBundleError) {
    switch part {
    case nil: self = try loading(file, from: path, prefix: prefix)
    case .backbone: backbone = try backbone.loading(file, from: path, prefix: prefix)
    case .gate(let kind): gates[kind] = try gate(kind).loading(file, from: path, prefix: prefix)
    case .expert(let k): experts[k] = try expert(k).loading(file, from: path, prefix: prefix)
    case .head: head = try presentHead().loading(file, from: path, prefix: prefix)
    }
  }

  private func presentHead() throws(ModelBundleError) -> Head {
    guard let head else { throw .noHead(model: description.name) }
    return head
  }

  private func gate(_ kind: GateKind) throws(ModelBundleError) -> Gate {
    guard let gate = gates[kind] else {
      throw .noSuchGate(model: description.name, kind: kind, available: GateKind.allCases.filter { gates[$0] != nil })
    }
    return gate
  }

  private func expert(_ k: Int) throws(ModelBundleError) -> Expert {
    guard experts.indices.contains(k) else {
      throw .noSuchExpert(folder: description.name, index: k, count: experts.count)
    }
    return experts[k]
  }
}

extension Parameterised {
  /// The network with the weights of a file; of these only tensors whose names begin with `prefix` count, by the rest of
  /// their names.
  ///
  /// - Throws: `malformed`, naming every tensor that is missing, unexpected or of another shape, or one with a number that is
  ///   not finite.
  func loading(_ file: Safetensors, from path: String, prefix: String = "") throws(ModelBundleError) -> Self {
    var network = self
    do throws(SafetensorsError) { try network.load(file, prefix: prefix) } catch {
      throw .malformed(path: path, reason: error.description)
    }
    for parameter in network.parameters where !parameter.value.isFinite {
      throw .malformed(
        path: path, reason: "tensor \(prefix)\(parameter.name): expected finite numbers, received others")
    }
    return network
  }
}

extension Tensor {
  fileprivate var isFinite: Bool { withUnsafeBufferPointer { $0.allSatisfy(\.isFinite) } }
}
