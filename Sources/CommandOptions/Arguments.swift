public import ArgumentParser
public import Datasets
public import Logging
package import Radio
package import Transport

extension DatasetKind: ExpressibleByArgument {}
extension Logger.Level: @retroactive ExpressibleByArgument {}

/// The case that an option's value names; cases go by their names, not by their numbers on the wire, in the help as well.
///
/// For `@Option(…, transform: named)`.
package func named<Case: NamedCase>(_ text: String) throws -> Case {
  guard let match = Case(name: text) else {
    let names = Case.allCases.map(\.name).joined(separator: ", ")
    throw ValidationError("expected one of \(names), received \"\(text)\"")
  }
  return match
}

/// The host and port that an option's value names.
///
/// For `@Option(…, transform: address)`.
package func address(_ text: String) throws -> SocketAddress {
  do {
    return try SocketAddress(parsing: text)
  } catch {
    throw ValidationError("\(error)")
  }
}
