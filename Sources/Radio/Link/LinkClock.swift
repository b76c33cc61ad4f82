/// What makes time pass for a link.
public enum LinkClock: UInt8, Sendable, Hashable, Codable, CaseIterable {
  /// A block lasts the coherence time.
  case wall = 0
  /// Every image has its own block, so that a run replays exactly.
  case request = 1

  public var name: String {
    switch self {
    case .wall: "wall"
    case .request: "request"
    }
  }
}

extension LinkClock: NamedCase {}
