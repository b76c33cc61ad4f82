import Digests
import TLS

extension TLSCredentials {
  /// Loads a client's credentials.
  convenience init(_ files: InferenceClient.Credentials) throws(InferenceError) {
    var pins: Set<SHA256Digest> = []
    for text in files.pins {
      guard let pin = SHA256Digest(hex: text) else {
        throw .unusableCredentials("pins: expected 64 hexadecimal digits, received \"\(text)\"")
      }
      pins.insert(pin)
    }
    do throws(TLSFileError) {
      try self.init(
        TLSFiles(certificate: files.certificate, key: files.key, authority: files.authority, pins: pins))
    } catch {
      throw .unusableCredentials("\(error)")
    }
    let certificate = context.certificate
    guard isOperator || certificate.identities.contains(.client) else {
      throw .unusableCredentials(
        "--tls-cert: \(files.certificate): expected a certificate for a client or an operator, received \(certificate)")
    }
  }

  /// Whether the certificate is an operator's.
  var isOperator: Bool { context.certificate.identities.contains(.operator) }
}
