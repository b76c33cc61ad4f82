internal import COpenSSL
internal import Digests

/// What this node shows of itself and whom it believes, as loaded from files; it never changes.
// @unchecked: set up in the initialiser; from then on OpenSSL's contexts may be used from any thread.
package final class TLSContext: @unchecked Sendable {
  /// The certificates of a chain, root included.
  private static let maximumChainLength: Int32 = 4
  /// What the other side's certificates may take before they are looked at.
  private static let maximumChainBytes = 32 << 10

  let handle: OpaquePointer
  /// Of certificates that are not held against the dialled host's name.
  let pins: Set<SHA256Digest>
  /// This node's own.
  package let certificate: Certificate
  /// What is wrong with the files though they can be used, a line each.
  package let warnings: [String]

  /// - Parameter identity: whom the node's own certificate has to be for.
  package init(_ files: TLSFiles, for identity: NodeIdentity? = nil) throws(TLSFileError) {
    guard let handle = SSL_CTX_new(TLS_method()) else { preconditionFailure("SSL_CTX_new: out of memory") }
    do throws(TLSFileError) {
      Self.configure(handle)
      certificate = try Self.load(files, into: handle)
      if let identity, !certificate.identities.contains(identity) {
        throw TLSFileError(
          option: "--tls-cert", path: files.certificate,
          problem: "expected a certificate for \(identity) (URI \(identity.uri)), received \(certificate)")
      }
      warnings = Self.warnings(about: files, handle)
    } catch {
      SSL_CTX_free(handle)
      throw error
    }
    pins = files.pins
    self.handle = handle
  }

  deinit { SSL_CTX_free(handle) }

  /// TLS 1.3 alone; both sides show certificates; no session is resumed, so that certificates are checked every time.
  private static func configure(_ handle: OpaquePointer) {
    precondition(moe_ssl_ctx_allow_only_tls13(handle) == 1, "this OpenSSL has no TLS 1.3")
    // All three are safe; the first is the fastest where the processor has AES.
    SSL_CTX_set_ciphersuites(
      handle, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256")
    SSL_CTX_ctrl(handle, SSL_CTRL_SET_SESS_CACHE_MODE, Int(SSL_SESS_CACHE_OFF), nil)
    SSL_CTX_set_num_tickets(handle, 0)
    // Idle connections, of which there may be thousands, give OpenSSL's record buffers back.
    SSL_CTX_ctrl(handle, SSL_CTRL_MODE, Int(SSL_MODE_RELEASE_BUFFERS), nil)
    SSL_CTX_ctrl(handle, SSL_CTRL_SET_MAX_CERT_LIST, maximumChainBytes, nil)
    SSL_CTX_set_verify_depth(handle, maximumChainLength)
    SSL_CTX_set_verify(handle, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
    SSL_CTX_set_cert_verify_callback(handle, verifyPeer, nil)
  }

  private static func load(_ files: TLSFiles, into handle: OpaquePointer) throws(TLSFileError) -> Certificate {
    func require(_ option: String, _ path: String, _ kind: String, _ load: () -> Bool) throws(TLSFileError) {
      if let error = TLSFileError(unreadable: path, option: option) { throw error }
      ERR_clear_error()
      // Never ask for a pass phrase at the terminal.
      var isEncrypted = false
      let isLoaded = withUnsafeMutablePointer(to: &isEncrypted) { flag in
        SSL_CTX_set_default_passwd_cb(handle) { _, _, _, flag in
          flag?.assumingMemoryBound(to: Bool.self).pointee = true
          return -1
        }
        SSL_CTX_set_default_passwd_cb_userdata(handle, flag)
        defer { SSL_CTX_set_default_passwd_cb_userdata(handle, nil) }
        return load()
      }
      guard !isLoaded else { return }
      let error = OpenSSLError.take()
      let problem =
        switch error?.reason {
        case X509_R_KEY_VALUES_MISMATCH: "is not the key of the certificate in \(files.certificate)"
        case _ where isEncrypted: "is encrypted; expected a key without a pass phrase, readable by its owner only"
        default: "holds no \(kind) in PEM (\(error?.text ?? "nothing found"))"
        }
      throw TLSFileError(option: option, path: path, problem: problem)
    }
    try require("--tls-cert", files.certificate, "certificate") {
      SSL_CTX_use_certificate_chain_file(handle, files.certificate) == 1
    }
    try require("--tls-key", files.key, "private key") {
      SSL_CTX_use_PrivateKey_file(handle, files.key, SSL_FILETYPE_PEM) == 1 && SSL_CTX_check_private_key(handle) == 1
    }
    try require("--tls-ca", files.authority, "certificate") {
      SSL_CTX_load_verify_file(handle, files.authority) == 1
    }
    guard let own = SSL_CTX_get0_certificate(handle) else { preconditionFailure("the certificate is not there") }
    return Certificate(own)
  }

  private static func warnings(about files: TLSFiles, _ handle: OpaquePointer) -> [String] {
    guard let own = SSL_CTX_get0_certificate(handle) else { return [] }
    var warnings: [String] = []
    if X509_cmp_current_time(X509_get0_notAfter(own)) < 0 {
      warnings.append(
        "--tls-cert: \(files.certificate): has expired at \(describe(X509_get0_notAfter(own))): others will refuse it")
    }
    if X509_cmp_current_time(X509_get0_notBefore(own)) > 0 {
      warnings.append(
        "--tls-cert: \(files.certificate): is not valid before \(describe(X509_get0_notBefore(own))): "
          + "others will refuse it")
    }
    if TLSFiles.isReadableByOthers(files.key) {
      warnings.append("--tls-key: \(files.key): others than its owner can read it; it should have the mode 0600")
    }
    return warnings
  }
}
