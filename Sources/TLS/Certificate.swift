internal import COpenSSL
package import Digests
internal import Glibc
package import WireProtocol

/// What is to be known of a certificate, this node's own or the other side's.
package struct Certificate: Equatable, Sendable {
  /// A certificate of more URIs is read no further.
  private static let maximumURIs = 64
  private static let maximumURIBytes = 256
  /// Of the subject's name, which the other side has chosen and which goes to logs.
  private static let maximumNameBytes = 200

  /// The subject, `/CN=expert-3`, in printable ASCII.
  package let subject: String
  /// Whom it is for, in its own order; a host may have one certificate for several experts.
  package let identities: [NodeIdentity]
  /// SHA-256 of the whole certificate, as `openssl x509 -fingerprint -sha256` prints it.
  package let fingerprint: SHA256Digest

  /// - Parameter handle: an `X509`, which is only read.
  init(_ handle: OpaquePointer) {
    var name = [CChar](repeating: 0, count: Self.maximumNameBytes)
    X509_NAME_oneline(X509_get_subject_name(handle), &name, Int32(name.count))
    subject = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    var identities: [NodeIdentity] = []
    for index in 0..<Self.maximumURIs {
      guard let uri = Self.uri(Int32(index), of: handle) else { break }
      if let identity = NodeIdentity(uri: uri) { identities.append(identity) }
    }
    self.identities = identities
    var digest = [UInt8](repeating: 0, count: SHA256Digest.byteCount)
    X509_digest(handle, EVP_sha256(), &digest, nil)
    guard let fingerprint = SHA256Digest(bytes: digest) else { preconditionFailure("SHA-256 of \(digest.count) bytes") }
    self.fingerprint = fingerprint
  }

  /// Nil after the last; one that is too long for us, or no ASCII, is empty.
  private static func uri(_ index: Int32, of handle: OpaquePointer) -> String? {
    var text = [CChar](repeating: 0, count: maximumURIBytes)
    let length = moe_certificate_uri(handle, index, &text, text.count)
    guard length >= 0 else { return nil }
    let bytes = text.prefix(length).map(UInt8.init(bitPattern:))
    guard length <= text.count, bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Refuses a HELLO of another role or expert index than the certificate's.
  package func check(_ hello: Hello) throws(ProtocolError) {
    let claimed = NodeIdentity(hello)
    guard !identities.contains(claimed) else { return }
    throw ProtocolError(
      .unauthorised,
      "\(hello.nodeID) says that it is \(claimed.withArticle), but its certificate \(subject) is for \(holder)")
  }

  /// Whom it is for, in words.
  var holder: String {
    identities.isEmpty ? "nobody here (no URI urn:moe-edge:…)" : identities.map(\.description).joined(separator: ", ")
  }
}

extension Certificate: CustomStringConvertible {
  package var description: String { "\(subject) (\(holder))" }
}

extension NodeIdentity {
  fileprivate var withArticle: String {
    switch self {
    case .expert, .operator: "\(self)"
    case .baseStation, .client: "a \(self)"
    }
  }
}

/// "2026-11-24 15:04 UTC".
///
/// - Parameter time: an `ASN1_TIME`.
func describe(_ time: UnsafePointer<ASN1_TIME>?) -> String {
  var parts = tm()
  guard ASN1_TIME_to_tm(time, &parts) == 1 else { return "?" }
  func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
  return "\(1900 + parts.tm_year)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday)) "
    + "\(two(parts.tm_hour)):\(two(parts.tm_min)) UTC"
}
