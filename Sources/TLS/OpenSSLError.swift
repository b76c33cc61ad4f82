internal import COpenSSL

/// The oldest error in this thread's queue, which is emptied.
struct OpenSSLError {
  let reason: Int32
  let text: String

  static func take() -> OpenSSLError? {
    let code = ERR_get_error()
    guard code != 0 else { return nil }
    defer { ERR_clear_error() }
    let text = ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(String(code, radix: 16))"
    return OpenSSLError(reason: ERR_GET_REASON(code), text: text)
  }

  /// Errors from this number on are alerts of the other side's.
  private static let firstAlert: Int32 = 1000

  /// The alert that the other side has sent, if that is what went wrong.
  var alert: String? {
    guard (Self.firstAlert..<Self.firstAlert + 256).contains(reason) else { return nil }
    let number = reason - Self.firstAlert
    switch number {
    case SSL_AD_UNKNOWN_CA: return "it does not know the authority of this node's certificate (unknown CA)"
    case SSL_AD_CERTIFICATE_EXPIRED: return "this node's certificate has expired, or is not yet valid"
    case SSL_AD_CERTIFICATE_REQUIRED: return "it requires a certificate"
    case SSL_AD_PROTOCOL_VERSION: return "it does not speak TLS 1.3 (protocol version)"
    case SSL_AD_BAD_CERTIFICATE, SSL_AD_UNSUPPORTED_CERTIFICATE, SSL_AD_CERTIFICATE_REVOKED,
      SSL_AD_CERTIFICATE_UNKNOWN:
      return "it does not accept this node's certificate (\(String(cString: SSL_alert_desc_string_long(number))))"
    default: return String(cString: SSL_alert_desc_string_long(number))
    }
  }

  var isOldVersion: Bool {
    [SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_VERSION_TOO_LOW, SSL_R_NO_PROTOCOLS_AVAILABLE].contains(reason)
  }

  var isNoTLS: Bool {
    [
      SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST, SSL_R_BAD_RECORD_TYPE,
      SSL_R_PACKET_LENGTH_TOO_LONG, SSL_R_RECORD_LENGTH_MISMATCH,
    ].contains(reason)
  }
}
