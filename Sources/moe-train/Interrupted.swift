import ArgumentParser
import CommandOptions
import Foundation
import Training

/// Says that a signal has ended the work, and gives the exit status for it.
///
/// - Parameter remainder: what becomes of it.
func interrupted(_ remainder: String) -> ExitCode {
  FileHandle.standardError.tell(Data("interrupted: \(remainder)\n".utf8))
  return ExitCode(Interruption.exitStatus)
}
