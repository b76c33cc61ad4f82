package import ArgumentParser

/// Who may talk to a node.
package struct TLSOptions: ParsableArguments {
  @Option(help: ArgumentHelp("This node's certificate.", valueName: "pem"))
  package var tlsCert: String?

  @Option(help: ArgumentHelp("Its private key.", valueName: "pem"))
  package var tlsKey: String?

  @Option(help: ArgumentHelp("The authority that signs the other nodes' certificates.", valueName: "pem"))
  package var tlsCa: String?

  @Flag(help: "Allow connections beyond this machine without TLS: whoever reaches the port is served.")
  package var insecure = false

  package init() {}

  /// Ends the program with one line where an option asks for what is not there yet.
  package func refuseWhatIsNotBuilt() throws {
    let given = [("--tls-cert", tlsCert), ("--tls-key", tlsKey), ("--tls-ca", tlsCa)].first { $0.1 != nil }
    if let given { throw RunError("\(given.0): TLS is not built into this version yet") }
  }
}
