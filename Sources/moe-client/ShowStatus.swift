import ArgumentParser
import Foundation
import InferenceClient

struct ShowStatus: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show the base station and its experts; exit status 1 until it can serve.",
    discussion: """
      With --watch it is shown again and again, with rates between two looks, until Ctrl-C: in place on a terminal, one \
      block after the other on a pipe, one JSON object a look with --json. A base station that goes away is waited for.
      """)

  @OptionGroup var connection: ConnectionOptions

  @Flag(help: "Go on until Ctrl-C.")
  var watch = false

  @Option(help: ArgumentHelp("Seconds between two looks of --watch.", valueName: "s"))
  var interval: Double = 1

  func validate() throws {
    guard interval >= 0.05, interval <= 3600 else {
      throw ValidationError("--interval: expected a number of seconds from 0.05 to 3600, got \(interval)")
    }
  }

  func run() async throws {
    let client = try await connection.connect()
    if watch { try await keepWatching(client) }
    let status: BaseStationStatus
    do {
      status = try await client.status()
    } catch {
      throw failure("\(error)")
    }
    await client.close()
    if connection.json { try printJSON(StatusReport(status)) } else { StatusView(status).lines.forEach { print($0) } }
    if !status.canServe { throw failure("the base station cannot serve yet: no expert is up") }
  }

  private func keepWatching(_ client: InferenceClient) async throws -> Never {
    for number in [SIGINT, SIGTERM] { signal(number) { _ in _exit(0) } }
    let screen = Screen()
    var last: BaseStationStatus?
    while true {
      do throws(InferenceError) {
        let status = try await client.status()
        if connection.json {
          try? printJSON(StatusReport(status))
        } else {
          screen.show(StatusView(status, since: last).lines)
        }
        last = status
      } catch {
        if connection.json { _ = failure("\(error)") } else { screen.show(["\(error)"]) }
        last = nil
      }
      // Nobody reads it any more.
      guard fflush(nil) == 0 else { throw ExitCode.success }
      try await Task.sleep(for: .seconds(interval))
    }
  }
}

/// Where blocks of lines are shown: in place on a terminal, one after the other on a pipe.
private struct Screen {
  private let isTerminal = isatty(STDOUT_FILENO) == 1

  init() { if isTerminal { print("\u{1B}[2J", terminator: "") } }

  func show(_ lines: [String]) {
    guard isTerminal else { return print(lines.joined(separator: "\n") + "\n") }
    // Home; what is left of a longer line or block is cleared after each, so that nothing flickers.
    print("\u{1B}[H" + lines.map { $0 + "\u{1B}[K\n" }.joined() + "\u{1B}[J", terminator: "")
  }
}
