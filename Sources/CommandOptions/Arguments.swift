public import ArgumentParser
public import Datasets
public import Logging
public import Radio

extension DatasetKind: ExpressibleByArgument {}
extension Logger.Level: @retroactive ExpressibleByArgument {}

// Cases go by their names, not by their numbers on the wire, in the help as well.

extension LinkKind: ExpressibleByArgument {
  public static var allValueStrings: [String] { allCases.map(\.name) }
  public var defaultValueDescription: String { name }
}

extension LinkClock: ExpressibleByArgument {
  public static var allValueStrings: [String] { allCases.map(\.name) }
  public var defaultValueDescription: String { name }
}

extension DecodeFailurePolicy: ExpressibleByArgument {
  public static var allValueStrings: [String] { allCases.map(\.name) }
  public var defaultValueDescription: String { name }
}

extension Decisions: ExpressibleByArgument {
  public static var allValueStrings: [String] { allCases.map(\.name) }
  public var defaultValueDescription: String { name }
}
