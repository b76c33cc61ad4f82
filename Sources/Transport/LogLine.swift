package import Logging

/// A line that a node's logic wants in the log, by how much it matters.
package enum LogLine: Sendable, Equatable {
  case notice(String)
  case warning(String)
  case error(String)
}

extension Logger {
  package func log(_ line: LogLine) {
    switch line {
    case .notice(let text): notice("\(text)")
    case .warning(let text): warning("\(text)")
    case .error(let text): error("\(text)")
    }
  }
}
