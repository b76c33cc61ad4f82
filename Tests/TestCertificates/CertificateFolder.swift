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
