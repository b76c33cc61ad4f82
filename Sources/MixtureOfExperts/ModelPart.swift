/// A network of a model with weights of its own; its name is that of its file in the bundle.
package enum ModelPart: Hashable, Sendable {
  case backbone
  case gate(GateKind)
  case expert(Int)
  /// Where the experts do not answer with class scores.
  case head

  /// `backbone`, `gate-channel-aware`, `expert-3`, `head`.
  package init?(_ name: String) {
    if name == ModelPart.backbone.description {
      self = .backbone
    } else if let kind = GateKind.allCases.first(where: { name == ModelPart.gate($0).description }) {
      self = .gate(kind)
    } else if let k = Int(name.split(separator: "-").last ?? ""), name == ModelPart.expert(k).description, k >= 0 {
      self = .expert(k)
    } else if name == ModelPart.head.description {
      self = .head
    } else {
      return nil
    }
  }

  package var file: String { "\(self)\(Self.suffix)" }

  /// The part that lies in a file of this name.
  init?(file: String) {
    guard file.hasSuffix(Self.suffix) else { return nil }
    self.init(String(file.dropLast(Self.suffix.count)))
  }

  private static let suffix = ".safetensors"
}

extension ModelPart: CustomStringConvertible {
  package var description: String {
    switch self {
    case .backbone: "backbone"
    case .gate(let kind): "gate-\(kind.rawValue)"
    case .expert(let k): "expert-\(k)"
    case .head: "head"
    }
  }
}
