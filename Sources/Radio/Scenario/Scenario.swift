/// A named radio environment: a description and the configuration of its links, from a file that people read and change.
///
/// The files are TOML without tables: `key = value` lines, numbers and "quoted" words, `#` begins a comment. Keys are
/// those of the command line, documented in ``Scenario/keys``.
public struct Scenario: Sendable, Hashable {
  public let name: String
  public let summary: String
  /// The links of this environment; the seed is 0 and for the caller to set.
  public var configuration: LinkConfiguration

  /// Scenarios that come with the library.
  public static let names = ["paper", "indoor-iot", "uav", "vehicular", "cell-edge"]

  /// The text of a scenario that comes with the library; nil for other names.
  public static func text(named name: String) -> String? {
    let bytes: [UInt8]
    switch name {
    case "paper": bytes = PackageResources.paper_toml
    case "indoor-iot": bytes = PackageResources.indoor_iot_toml
    case "uav": bytes = PackageResources.uav_toml
    case "vehicular": bytes = PackageResources.vehicular_toml
    case "cell-edge": bytes = PackageResources.cell_edge_toml
    default: return nil
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A scenario by the name of one that comes with the library, or from a file.
  /// - Parameters:
  ///   - nameOrFile: a name of ``names``, or a path.
  ///   - settings: values of keys that replace the scenario's, as on a command line.
  ///   - readFile: reads a text file; this module does not touch files itself. The path of a trace that a file names is
  ///     relative to that file.
  /// - Throws: ``ScenarioError``, and what `readFile` throws for `nameOrFile` itself.
  public init(
    _ nameOrFile: String, overriding settings: [(key: String, value: String)] = [],
    readFile: (_ path: String) throws -> String
  ) throws {
    let text = try Self.text(named: nameOrFile) ?? readFile(nameOrFile)
    let folder = nameOrFile.lastIndex(of: "/").map { nameOrFile[...$0] } ?? ""
    try self.init(
      parsing: text, name: nameOrFile, folder: String(folder), overriding: settings, readFile: readFile)
  }
}

/// A scenario's key is wrong: where, which one, what was expected and what came.
public struct ScenarioError: Error, Hashable, CustomStringConvertible {
  public enum Place: Sendable, Hashable {
    /// A line counted from 1; nil where a key is missing.
    case file(String, line: Int?)
    /// A value that replaces the file's.
    case option

    var line: Int? { if case .file(_, let line) = self { line } else { nil } }
  }

  public let place: Place
  public let field: String
  public let expected: String
  public let received: String

  public var description: String {
    let subject =
      switch place {
      case .file(let name, let line?): "\(name):\(line): \(field)"
      case .file(let name, nil): "\(name): \(field)"
      case .option: "--\(field)"
      }
    return "\(subject): expected \(expected), received \(received)"
  }
}
