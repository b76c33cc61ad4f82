import ArgumentParser
package import Foundation

/// Something ran and failed: one line on standard error and exit status 1. (Usage errors end with 64.)
package struct RunError: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// Runs `body` and turns what it throws into one line on standard error and exit status 1.
///
/// - Parameter patience: how long the line waits for its reader; nil: as long as it takes.
package func reportingFailures<Result>(
  of program: String, patience: TimeInterval? = nil, _ body: () throws -> Result
) throws -> Result {
  do {
    return try body()
  } catch let error where error is ExitCode || error is ValidationError || error is CleanExit {
    throw error
  } catch {
    // Behind what has been logged.
    LogSink.standardError.write(Data("\(program): \(error)\n".utf8))
    LogSink.standardError.flush(within: patience)
    throw ExitCode(1)
  }
}
