/// What moves a link from one fading block to the next.
public enum LinkClock: UInt8, Sendable, CaseIterable, Codable {
  /// A block lasts the coherence time.
  case wall = 0
  /// Every image has its own block, which its request names.
  case request = 1
}

extension LinkClock: CustomStringConvertible {
  public var description: String {
    switch self {
    case .wall: "wall"
    case .request: "request"
    }
  }

  /// The clock of that name, as the command line spells it.
  public init?(name: String) {
    guard let clock = Self.allCases.first(where: { $0.description == name }) else { return nil }
    self = clock
  }
}
