/// An enumeration whose cases are written as names on command lines and in files.
public protocol NamedCase: CaseIterable, LosslessStringConvertible {
  var name: String { get }
}

extension NamedCase {
  /// The case of that name, as command lines and files spell it.
  public init?(name: String) {
    guard let match = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = match
  }

  public init?(_ description: String) {
    self.init(name: description)
  }

  public var description: String { name }
}
