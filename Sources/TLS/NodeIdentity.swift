package import WireProtocol

/// Who a node is, as its certificate says it in a URI: `urn:moe-edge:bs`, `urn:moe-edge:expert:3`.
package enum NodeIdentity: Hashable, Sendable {
  case baseStation
  case expert(Int)
  case client
  case `operator`

  private static let prefix = "urn:moe-edge:"

  /// Nil where it is no URI of ours, or not written as ``uri`` writes it.
  package init?(uri: String) {
    guard uri.hasPrefix(Self.prefix) else { return nil }
    let name = uri.dropFirst(Self.prefix.count)
    switch name {
    case "bs": self = .baseStation
    case "client": self = .client
    case "operator": self = .operator
    default:
      guard name.hasPrefix("expert:"), let index = UInt16(name.dropFirst("expert:".count)) else { return nil }
      self = .expert(Int(index))
    }
    guard self.uri == uri else { return nil }
  }

  /// Who says this HELLO.
  package init(_ hello: Hello) {
    switch hello.detail {
    case .client: self = .client
    case .operator: self = .operator
    case .expert(let expert): self = .expert(Int(expert.index))
    case .baseStation: self = .baseStation
    }
  }

  package var uri: String {
    switch self {
    case .baseStation: Self.prefix + "bs"
    case .expert(let index): Self.prefix + "expert:\(index)"
    case .client: Self.prefix + "client"
    case .operator: Self.prefix + "operator"
    }
  }
}

extension NodeIdentity: CustomStringConvertible {
  package var description: String {
    switch self {
    case .baseStation: "base station"
    case .expert(let index): "expert \(index)"
    case .client: "client"
    case .operator: "operator"
    }
  }
}
