package import ArgumentParser
import Dispatch
import Digests
package import Logging
package import TLS
package import Transport

/// A node's credentials: with them every connection is TLS 1.3 and both sides show certificates.
package struct TLSOptions: ParsableArguments {
  @Option(help: ArgumentHelp("This node's certificate. With it, every connection is TLS 1.3.", valueName: "pem"))
  package var tlsCert: String?

  @Option(help: ArgumentHelp("Its private key.", valueName: "pem"))
  package var tlsKey: String?

  @Option(help: ArgumentHelp("The authority that signs the other nodes' certificates.", valueName: "pem"))
  package var tlsCa: String?

  @Option(
    help: ArgumentHelp(
      "SHA-256 fingerprint of a certificate that may be found at any host; the others have to name the host dialled.",
      valueName: "sha256"))
  package var tlsPin: [String] = []

  package init() {}

  package mutating func validate() throws { _ = try files() }

  /// The files that are named; nil where none is.
  ///
  /// - Throws: a usage error where some of them are missing.
  package func files() throws -> TLSFiles? {
    let pins = try tlsPin.map { text in
      guard let pin = SHA256Digest(hex: text.filter { $0 != ":" }) else {
        throw ValidationError("--tls-pin: expected 64 hexadecimal digits, with or without colons, received \"\(text)\"")
      }
      return pin
    }
    switch (tlsCert, tlsKey, tlsCa) {
    case (let certificate?, let key?, let authority?):
      return TLSFiles(certificate: certificate, key: key, authority: authority, pins: Set(pins))
    case (nil, nil, nil) where pins.isEmpty: return nil
    default:
      let given = [("--tls-cert", tlsCert), ("--tls-key", tlsKey), ("--tls-ca", tlsCa)]
      let missing = given.filter { $0.1 == nil }.map(\.0).joined(separator: ", ")
      throw ValidationError("expected --tls-cert, --tls-key and --tls-ca together, received no \(missing)")
    }
  }

  /// The credentials that are named; nil where none are.
  ///
  /// - Parameter identity: whom the certificate has to be for.
  package func credentials(for identity: NodeIdentity) throws -> TLSCredentials? {
    try files().map { try TLSCredentials($0, for: identity) }
  }
}

/// Who may reach a daemon.
package struct SecurityOptions: ParsableArguments {
  @OptionGroup package var tls: TLSOptions

  @Flag(help: "Allow connections beyond this machine without TLS: whoever reaches the port is served.")
  package var insecure = false

  package init() {}

  /// Refuses an address where others than this machine could reach the daemon without TLS, unless `--insecure` is given.
  ///
  /// - Throws: a usage error.
  package func check(_ listen: SocketAddress) throws {
    do {
      try listen.refuseNonLoopback(unlessInsecure: insecure || tls.files() != nil)
    } catch let error as TransportError {
      throw ValidationError("\(error)")
    }
  }
}

extension TLSCredentials {
  /// Logs what is wrong with the credentials though they can be used.
  package func logWarnings(to logger: Logger) {
    for warning in context.warnings { logger.warning("\(warning)") }
  }

  /// What loads the files again, for connections that are made afterwards, and logs how that went.
  ///
  /// Reading files may take its time, so it is done beside the queue that asks for it.
  package func reloading(logger: Logger) -> @Sendable () -> Void {
    let queue = DispatchQueue(label: "moe-edge.tls.reload", target: .global(qos: .utility))
    return {
      queue.async {
        do {
          let context = try self.reload()
          logger.notice("certificates are loaded again: \(context.certificate), for new connections")
          self.logWarnings(to: logger)
        } catch {
          logger.error("certificates are not loaded again, the old ones stay in use: \(error)")
        }
      }
    }
  }
}
