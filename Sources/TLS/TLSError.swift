/// Why a TLS connection came to its end: one clear line each.
package enum TLSError: Error, Equatable, Sendable {
  /// This side does not accept the other's certificate.
  case refused(certificate: String, reason: String)
  /// The other side has shown no certificate.
  case noCertificate
  /// The other side has ended it by an alert, for instance because it does not accept our certificate.
  case alert(String)
  /// The other side speaks a TLS older than 1.3.
  case oldVersion
  /// Frames came in the clear.
  case plainFrames
  /// What came is no TLS.
  case notTLS(reason: String)
  /// The connection ended without TLS's farewell.
  case truncated(duringHandshake: Bool)
  /// More was to be sent before the handshake's end than is kept.
  case tooMuchBeforeHandshake(bytes: Int)
  /// What else OpenSSL finds wrong.
  case failed(reason: String)
}

extension TLSError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .refused(let certificate, let reason): "TLS: refused its certificate \(certificate): \(reason)"
    case .noCertificate: "TLS: it has shown no certificate"
    case .alert(let alert): "TLS: the other side has refused the connection: \(alert)"
    case .oldVersion: "TLS: it speaks a TLS older than 1.3"
    case .plainFrames: "TLS: it speaks plainly, without TLS"
    case .notTLS(let reason): "TLS: what it sends is no TLS (\(reason))"
    case .truncated(true): "TLS: the connection ended during the TLS handshake"
    case .truncated(false): "TLS: the connection ended without TLS's farewell"
    case .tooMuchBeforeHandshake(let bytes): "TLS: \(bytes) bytes were to be sent before the TLS handshake was over"
    case .failed(let reason): "TLS: \(reason)"
    }
  }
}
