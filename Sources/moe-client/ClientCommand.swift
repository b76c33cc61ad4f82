import ArgumentParser
import CommandOptions
import Digests
import InferenceClient
import TLS

@main
struct ClientCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "moe-client",
    abstract: "Sends images to a base station and shows what they are.",
    version: "moe-client 0.1.0",
    subcommands: [Infer.self, Evaluate.self, Bench.self, ShowStatus.self, Reload.self, ReplayResults.self])
}

/// Where the base station is, and how to print.
struct ConnectionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The base station's address.", valueName: "host:port"))
  var bs: String

  @Option(help: ArgumentHelp("Seconds that connecting may take.", valueName: "seconds"))
  var connectTimeout: Double = 2

  @Option(help: ArgumentHelp("Seconds that a request may take, retries included.", valueName: "seconds"))
  var requestTimeout: Double = 10

  @OptionGroup(title: "Security") var tls: TLSOptions

  @Flag(help: "Print JSON, one object a line, and nothing else.")
  var json = false

  func validate() throws {
    guard connectTimeout > 0, connectTimeout <= 3600 else {
      throw ValidationError("--connect-timeout: expected a number of seconds above 0 up to 3600, got \(connectTimeout)")
    }
    guard requestTimeout > 0, requestTimeout <= 3600 else {
      throw ValidationError("--request-timeout: expected a number of seconds above 0 up to 3600, got \(requestTimeout)")
    }
  }

  func options() throws -> InferenceClient.Options {
    var options = InferenceClient.Options()
    options.connectTimeout = .seconds(connectTimeout)
    options.requestTimeout = .seconds(requestTimeout)
    options.tls = try tls.files().map { files in
      var credentials = InferenceClient.Credentials(
        certificate: files.certificate, key: files.key, authority: files.authority)
      credentials.pins = Set(files.pins.map(\.hex))
      return credentials
    }
    return options
  }

  /// Connects, or ends the program with one line and status 1.
  ///
  /// - Parameter asOperator: where no certificate says what the client is.
  func connect(asOperator: Bool = false) async throws -> InferenceClient {
    var options = try options()
    options.isOperator = asOperator
    return try await reporting { () async throws(InferenceError) in
      try await InferenceClient.connect(to: bs, options: options)
    }
  }

  /// Ends the program with one line for an error in what is asked of a base station.
  func reporting<Answer>(_ ask: () async throws(InferenceError) -> Answer) async throws -> Answer {
    do {
      return try await ask()
    } catch {
      if case .malformedAddress = error { throw ValidationError("--bs: \(error)") }
      throw failure("\(error)")
    }
  }
}
