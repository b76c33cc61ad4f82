import Foundation

/// A program of the project as a process that ends with this one.
final class Daemon {
  private let process = Process()
  let address: String

  init(_ program: URL, _ arguments: [String]) throws {
    let output = Pipe()
    process.executableURL = program
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    var line = Data()
    while line.last != UInt8(ascii: "\n") {
      let byte = output.fileHandleForReading.readData(ofLength: 1)
      guard !byte.isEmpty else { throw Failure(description: "\(program.lastPathComponent) did not start") }
      line += byte
    }
    let text = String(decoding: line, as: UTF8.self)
    address = text.replacingOccurrences(of: "ready ", with: "").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  func end() {
    process.terminate()
    process.waitUntilExit()
  }
}

struct Failure: Error, CustomStringConvertible {
  let description: String
}

/// Runs a program to its end and gives its standard output.
/// - Parameter refusals: whether the program may end with status 1, as `moe-client bench` does when images were refused.
func outputOf(_ program: URL, _ arguments: [String], refusals: Bool = false) throws -> Data {
  let process = Process()
  let output = Pipe()
  process.executableURL = program
  process.arguments = arguments
  process.standardOutput = output
  if refusals { process.standardError = FileHandle.nullDevice }
  try process.run()
  let data = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  guard process.terminationStatus == 0 || refusals && process.terminationStatus == 1 else {
    throw Failure(description: "\(program.lastPathComponent) \(arguments.joined(separator: " ")) failed")
  }
  return data
}
