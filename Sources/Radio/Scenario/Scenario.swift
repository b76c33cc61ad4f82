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
  ///   - readFile: reads a text file; this module does not touch files itself. A trace's path is relative to the scenario's.
  /// - Throws: ``ScenarioError``, and what `readFile` throws.
  public init(_ nameOrFile: String, readFile: (_ path: String) throws -> String) throws {
    if let text = Self.text(named: nameOrFile) {
      try self.init(parsing: text, name: nameOrFile)
    } else {
      let folder = nameOrFile.lastIndex(of: "/").map { String(nameOrFile[...$0]) } ?? ""
      try self.init(parsing: readFile(nameOrFile), name: nameOrFile) { path in
        try readFile(path.hasPrefix("/") ? path : folder + path)
      }
    }
  }
}

/// A scenario file is wrong: where, in which key, what was expected and what came.
public struct ScenarioError: Error, Hashable, CustomStringConvertible {
  public let name: String
  /// Counted from 1; nil where a key is missing.
  public let line: Int?
  public let field: String
  public let expected: String
  public let received: String

  public var description: String {
    "\(name):\(line.map { "\($0):" } ?? "") \(field): expected \(expected), received \(received)"
  }
}
