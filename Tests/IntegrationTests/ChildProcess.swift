import Foundation
import Testing

/// One of the project's programs as a process of its own.
///
/// Its standard output is a pipe that the test reads, its standard error a file that a failed test can show, or a pipe that is
/// full and that nobody reads.
final class ChildProcess {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let name: String
  private let process = Process()
  private let output = Pipe()
  private let fullPipe: Pipe?
  private let errorFile: URL
  private let isRead: Bool
  private var unread = Data()

  /// - Parameters:
  ///   - isRead: otherwise nobody reads its standard output, and writing there fails.
  ///   - isLogRead: otherwise nobody reads its standard error, and writing there waits for ever.
  ///   - environment: variables beside those of the tests.
  init(
    _ program: String, _ arguments: [String], in folder: URL, isRead: Bool = true, isLogRead: Bool = true,
    environment: [String: String] = [:]
  ) throws {
    name = program
    self.isRead = isRead
    if !isRead { try output.fileHandleForReading.close() }
    errorFile = folder.appendingPathComponent("\(program)-\(UUID().uuidString).log")
    try Data().write(to: errorFile)
    process.executableURL = Self.programs.appendingPathComponent(program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    fullPipe = isLogRead ? nil : Self.fullPipe()
    process.standardError = try fullPipe?.fileHandleForWriting ?? FileHandle(forWritingTo: errorFile)
    try process.run()
  }

  /// The folder of the built programs: that of the test program, unless MOE_BIN names another.
  static let programs: URL = {
    if let folder = ProcessInfo.processInfo.environment["MOE_BIN"] { return URL(fileURLWithPath: folder) }
    return URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
  }()

  private static func fullPipe() -> Pipe {
    let pipe = Pipe()
    let descriptor = pipe.fileHandleForWriting.fileDescriptor
    let flags = fcntl(descriptor, F_GETFL)
    _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
    let page = [UInt8](repeating: 0, count: 4096)
    while write(descriptor, page, page.count) > 0 {}
    _ = fcntl(descriptor, F_SETFL, flags)
    return pipe
  }

  var pid: pid_t { process.processIdentifier }
  var isRunning: Bool { process.isRunning }
  var standardError: String { (try? String(contentsOf: errorFile, encoding: .utf8)) ?? "" }

  /// The address in the line `ready HOST:PORT` that a daemon prints.
  func readyAddress(within seconds: Double = 20) throws -> String {
    let line = try nextLine(within: seconds)
    guard line.hasPrefix("ready ") else {
      throw Failure(description: "\(name) printed \"\(line)\", not ready HOST:PORT")
    }
    return String(line.dropFirst("ready ".count))
  }

  /// The next line of standard output.
  func nextLine(within seconds: Double) throws -> String {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while true {
      if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
        defer { unread = Data(unread[(end + 1)...]) }
        return String(decoding: unread[..<end], as: UTF8.self)
      }
      var descriptor = pollfd(
        fd: output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
      let milliseconds = Int32(max(0, deadline.timeIntervalSinceNow * 1000))
      guard poll(&descriptor, 1, milliseconds) > 0 else {
        throw Failure(description: "\(name) printed no line within \(seconds) s; its log:\n\(standardError)")
      }
      let data = output.fileHandleForReading.availableData
      guard !data.isEmpty else {
        throw Failure(description: "\(name) ended its output; its log:\n\(standardError)")
      }
      unread += data
    }
  }

  /// Returns as soon as `text` stands in the log.
  func waitForLog(_ text: String, within seconds: Double = 20) throws {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while !standardError.contains(text) {
      guard Date() < deadline else {
        throw Failure(description: "\(name) did not log \"\(text)\" within \(seconds) s; its log:\n\(standardError)")
      }
      poll(nil, 0, 10)
    }
  }

  func send(_ signal: Int32) { kill(pid, signal) }

  /// Everything that is still to come on standard output, and the exit status: 128 + n after signal n.
  func finish(within seconds: Double = 120) throws -> (status: Int32, output: String) {
    let watchdog = DispatchWorkItem { [pid] in kill(pid, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: watchdog)
    let rest = isRead ? output.fileHandleForReading.readDataToEndOfFile() : Data()
    process.waitUntilExit()
    watchdog.cancel()
    let status = process.terminationStatus
    return (
      process.terminationReason == .uncaughtSignal ? 128 + status : status,
      String(decoding: unread + rest, as: UTF8.self)
    )
  }

  /// Ends it however it is.
  func end() {
    guard process.isRunning else { return }
    kill(pid, SIGKILL)
    kill(pid, SIGCONT)
    process.waitUntilExit()
  }

  deinit { end() }
}
