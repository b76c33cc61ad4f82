import ArgumentParser
package import Foundation
package import Logging

package enum LogFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
  case text
  case json
}

/// Writes every line of the log as a JSON object: `time`, `level`, `node`, `message`, and the line's fields.
package struct JSONLogHandler: LogHandler {
  package var logLevel = Logger.Level.info
  package var metadata: Logger.Metadata = [:]
  private let label: String
  private let write: @Sendable (Data) -> Void

  /// - Parameter write: gets one line at a time, its end included.
  package init(label: String, write: @escaping @Sendable (Data) -> Void) {
    self.label = label
    self.write = write
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    var line = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues(\.description)
    line["time"] = Date.now.formatted(.iso8601.time(includingFractionalSeconds: true))
    line["level"] = event.level.rawValue
    line["node"] = label
    line["message"] = event.message.description
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Strings alone: encoding them cannot fail.
    guard var data = try? encoder.encode(line) else { return }
    data.append(UInt8(ascii: "\n"))
    write(data)
  }
}
