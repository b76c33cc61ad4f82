package import Foundation
package import TLS

/// A folder of certificates that `deploy/make-certs.sh` has made.
package struct CertificateFolder: Sendable {
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  package let url: URL

  /// Whether the command that the script needs is there.
  package static let canBeMade = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
    FileManager.default.isExecutableFile(atPath: "\($0)/openssl")
  }

  /// A working deployment's; made once a process, not to be changed.
  package static let shared = Result { try CertificateFolder() }
  /// Another authority's, which nobody of `shared` believes.
  package static let stranger = Result { try CertificateFolder() }
  /// Of `shared`'s authority, but expired.
  package static let expired = Result { try CertificateFolder(of: shared.get(), days: 0) }

  /// - Parameter authority: whose certificates they are; nil makes a new one.
  package init(of authority: CertificateFolder? = nil, days: Int = 30) throws {
    let files = FileManager.default
    url = files.temporaryDirectory.appendingPathComponent("moe-edge-certificates-\(UUID().uuidString)")
    try files.createDirectory(at: url, withIntermediateDirectories: true)
    if let authority {
      for name in ["ca.pem", "ca.key"] { try files.copyItem(at: authority.file(name), to: file(name)) }
    }
    try make(["--experts", "8", "--days", "\(days)"])
  }

  /// Has the script make what is missing.
  package func make(_ arguments: [String]) throws {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../deploy/make-certs.sh").standardizedFileURL
    let process = Process()
    process.executableURL = script
    process.arguments = ["--dir", url.path] + arguments
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "make-certs.sh ended with \(process.terminationStatus)")
    }
  }

  /// Has a node's certificate made anew, of the same key and for the same roles and hosts, valid until `end` to the second.
  package func replace(_ node: String, validUntil end: Date) throws {
    let form = DateFormatter()
    form.dateFormat = "yyyyMMddHHmmss'Z'"
    form.timeZone = TimeZone(identifier: "UTC")
    form.locale = Locale(identifier: "en_US_POSIX")
    // The extensions are those of the old certificate. Only `openssl ca` takes an end in seconds.
    let script = """
      set -e
      work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT && touch "$work/index"
      names=$(openssl x509 -in "$1.pem" -noout -ext subjectAltName | sed -n '2s/ *//gp' | sed 's/IPAddress/IP/g')
      printf '%s\n' '[ca]' 'default_ca = a' '[a]' "database = $work/index" "new_certs_dir = $work" 'policy = p' 'rand_serial = yes' '[p]' \
        'commonName = supplied' '[e]' 'extendedKeyUsage = serverAuth,clientAuth' "subjectAltName = $names" >"$work/config"
      openssl req -new -key "$1.key" -subj "/CN=$1" -out "$work/request"
      openssl ca -config "$work/config" -batch -notext -md sha256 -cert ca.pem -keyfile ca.key -extensions e \
        -enddate "$2" -in "$work/request" -out "$work/pem" 2>/dev/null
      chmod 644 "$work/pem" && mv "$work/pem" "$1.pem"
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script, "replace", node, form.string(from: end)]
    process.currentDirectoryURL = url
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "openssl ca ended with \(process.terminationStatus)")
    }
  }

  package func file(_ name: String) -> URL { url.appendingPathComponent(name) }

  /// The files of one node, `bs` or `expert-3` say, which believes `authority`, by default its own.
  package func files(_ node: String, authority: CertificateFolder? = nil) -> TLSFiles {
    TLSFiles(
      certificate: file("\(node).pem").path, key: file("\(node).key").path,
      authority: (authority ?? self).file("ca.pem").path)
  }

  /// The same as the programs' options.
  package func options(_ node: String, authority: CertificateFolder? = nil) -> [String] {
    let files = files(node, authority: authority)
    return ["--tls-cert", files.certificate, "--tls-key", files.key, "--tls-ca", files.authority]
  }
}
