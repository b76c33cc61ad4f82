/// How a latent crosses the air from the base station to an expert.
public enum LinkKind: UInt8, Sendable, CaseIterable, Codable {
  /// Nothing happens to the latent.
  case ideal = 0
  /// The latent itself is the transmitted signal; fading and noise change its values (eqs. 5-6).
  case analog = 1
  /// The latent is quantised, coded and modulated; it arrives exactly or is lost.
  case digital = 2
}

extension LinkKind: CustomStringConvertible {
  public var description: String {
    switch self {
    case .ideal: "ideal"
    case .analog: "analog"
    case .digital: "digital"
    }
  }

  /// The kind of that name, as the command line spells it.
  public init?(name: String) {
    guard let kind = Self.allCases.first(where: { $0.description == name }) else { return nil }
    self = kind
  }
}
