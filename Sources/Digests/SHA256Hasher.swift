internal import COpenSSL

/// SHA-256 over bytes that arrive in pieces, computed by libcrypto.
package struct SHA256Hasher: ~Copyable {
  private let context: OpaquePointer

  package init() {
    guard let context = EVP_MD_CTX_new() else { preconditionFailure("EVP_MD_CTX_new: out of memory") }
    self.context = context
    Self.check(EVP_DigestInit_ex(context, EVP_sha256(), nil), "EVP_DigestInit_ex")
  }

  deinit { EVP_MD_CTX_free(context) }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    Self.check(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count), "EVP_DigestUpdate")
  }

  package mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  package consuming func finalize() -> SHA256Digest { finish() }

  /// Returns the digest of what came so far and starts afresh: one context serves any number of short messages.
  package mutating func finalizeAndReset() -> SHA256Digest {
    let digest = finish()
    Self.check(EVP_DigestInit_ex(context, nil, nil), "EVP_DigestInit_ex")
    return digest
  }

  private func finish() -> SHA256Digest {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: SHA256Digest.byteCount) { bytes in
      var length: UInt32 = 0
      Self.check(EVP_DigestFinal_ex(context, bytes.baseAddress, &length), "EVP_DigestFinal_ex")
      guard length == SHA256Digest.byteCount, let digest = SHA256Digest(bytes: bytes) else {
        preconditionFailure("EVP_DigestFinal_ex gave \(length) bytes where SHA-256 has \(SHA256Digest.byteCount)")
      }
      return digest
    }
  }

  /// Hashing bytes in memory has no failure that a caller could handle: a refusal means a broken libcrypto.
  private static func check(_ status: Int32, _ call: StaticString) {
    precondition(status == 1, "\(call) failed: error \(ERR_get_error())")
  }
}
