package import Logging

/// A line that a node's logic wants in the log.
package struct LogLine: Sendable, Equatable {
  package let level: Logger.Level
  package let text: String
  /// What a program that reads the log looks for: numbers of requests and dispatches, experts, nodes.
  package let fields: Logger.Metadata

  private init(_ level: Logger.Level, _ text: String, _ fields: Logger.Metadata) {
    self.level = level
    self.text = text
    self.fields = fields
  }

  package static func debug(_ text: String, _ fields: Logger.Metadata = [:]) -> Self { Self(.debug, text, fields) }
  package static func notice(_ text: String, _ fields: Logger.Metadata = [:]) -> Self { Self(.notice, text, fields) }
  package static func warning(_ text: String, _ fields: Logger.Metadata = [:]) -> Self { Self(.warning, text, fields) }
  package static func error(_ text: String, _ fields: Logger.Metadata = [:]) -> Self { Self(.error, text, fields) }
}

extension Logger {
  package func log(_ line: LogLine, fileID: String = #fileID) {
    log(
      level: line.level, "\(line.text)", metadata: line.fields.isEmpty ? nil : line.fields,
      source: String(fileID.prefix { $0 != "/" }))
  }
}
