internal import COpenSSL

/// Judges the certificates that the other side shows; OpenSSL calls it in the middle of the handshake.
///
/// - Returns: 1 where they are accepted. Otherwise OpenSSL sends the alert that fits the error in `store`.
let verifyPeer: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> Int32 = { store, _ in
  guard let store, let certificate = X509_STORE_CTX_get0_cert(store),
    let ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()),
    let owner = SSL_get_ex_data(OpaquePointer(ssl), TLSSession.ownerSlot)
  else { return 0 }
  // The session is alive: this is called from within its own calls of OpenSSL.
  let session = Unmanaged<TLSSession>.fromOpaque(owner).takeUnretainedValue()
  let peer = Certificate(certificate)
  session.peerCertificate = peer
  // The chain up to our authority, validity, and whether it may serve, or be a client.
  if X509_verify_cert(store) == 1 {
    guard let host = session.dialledHost, !session.pins.contains(peer.fingerprint),
      !matches(certificate, host: host)
    else { return 1 }
    X509_STORE_CTX_set_error(store, X509_V_ERR_HOSTNAME_MISMATCH)
  }
  let error = X509_STORE_CTX_get_error(store)
  let culprit = X509_STORE_CTX_get_current_cert(store) ?? certificate
  session.refusal = .refused(
    certificate: "\(peer)", reason: reason(error, certificate: culprit, dialledHost: session.dialledHost))
  return 0
}

/// Whether the subject's alternative names have that address or name.
private func matches(_ certificate: OpaquePointer, host: String) -> Bool {
  let flags = UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT)
  return X509_check_ip_asc(certificate, host, 0) == 1
    || X509_check_host(certificate, host, host.utf8.count, flags, nil) == 1
}

private func reason(_ error: Int32, certificate: OpaquePointer, dialledHost: String?) -> String {
  let text = String(cString: X509_verify_cert_error_string(Int(error)))
  return switch error {
  case X509_V_ERR_CERT_HAS_EXPIRED: "expired at \(describe(X509_get0_notAfter(certificate)))"
  case X509_V_ERR_CERT_NOT_YET_VALID: "not valid before \(describe(X509_get0_notBefore(certificate)))"
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
    X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
    X509_V_ERR_CERT_SIGNATURE_FAILURE, X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "not signed by an authority of --tls-ca (\(text))"
  case X509_V_ERR_HOSTNAME_MISMATCH: "it is not that of the host \(dialledHost ?? "")"
  case X509_V_ERR_INVALID_PURPOSE: dialledHost == nil ? "it is not for clients" : "it is not for servers"
  default: text
  }
}
