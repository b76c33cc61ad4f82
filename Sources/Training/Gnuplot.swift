import Foundation

/// The plotting program, where it is installed.
package struct Gnuplot: Sendable {
  private let program: URL

  /// What to say where it is not.
  package static let absence = "gnuplot is not installed (Debian package gnuplot-nox)"

  /// The one on the path.
  package static var installed: Gnuplot? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { URL(fileURLWithPath: "\($0)/gnuplot") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
      .map(Gnuplot.init)
  }

  private init(program: URL) { self.program = program }

  /// Runs a script that draws the file at `path`.
  /// - Throws: `unwritable` with what gnuplot says.
  package func draw(_ script: String, to path: String) throws {
    let process = Process()
    let (input, errors) = (Pipe(), Pipe())
    process.executableURL = program
    process.standardInput = input
    process.standardError = errors
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(script.utf8))
    try input.fileHandleForWriting.close()
    let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw TrainingError.unwritable(
        path: path, reason: "gnuplot: \(complaint.split(separator: "\n").joined(separator: " "))")
    }
  }

  /// In single quotes, where gnuplot leaves everything but a quote as it is.
  static func quoted(_ text: String) -> String { "'\(text.replacingOccurrences(of: "'", with: "''"))'" }
}
