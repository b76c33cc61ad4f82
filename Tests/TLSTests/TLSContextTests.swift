import Foundation
import TLS
import TestCertificates
import Testing

@Suite(.enabled(if: CertificateFolder.canBeMade, "needs the openssl command"))
struct TLSContextTests {
  private func problem(_ files: TLSFiles, for identity: NodeIdentity? = nil) -> String {
    do throws(TLSFileError) {
      _ = try TLSContext(files, for: identity)
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test func `a missing file is named with its option`() throws {
    let folder = try CertificateFolder.shared.get()
    var files = folder.files("bs")
    files.authority = "/nowhere/ca.pem"
    #expect(problem(files) == "--tls-ca: /nowhere/ca.pem: cannot be read: No such file or directory")
    files.key = "/nowhere/bs.key"
    #expect(problem(files) == "--tls-key: /nowhere/bs.key: cannot be read: No such file or directory")
  }

  @Test func `a key of another certificate is told as such`() throws {
    let folder = try CertificateFolder.shared.get()
    var files = folder.files("bs")
    files.key = folder.file("client.key").path
    #expect(problem(files) == "--tls-key: \(files.key): is not the key of the certificate in \(files.certificate)")
  }

  @Test func `files that hold something else are told as such`() throws {
    let folder = try CertificateFolder.shared.get()
    var files = folder.files("bs")
    files.certificate = folder.file("bs.key").path
    #expect(problem(files).hasPrefix("--tls-cert: \(files.certificate): holds no certificate in PEM"))
    files = folder.files("bs")
    files.key = folder.file("bs.pem").path
    #expect(problem(files).hasPrefix("--tls-key: \(files.key): holds no private key in PEM"))
    files = folder.files("bs")
    files.authority = folder.file("bs.key").path
    #expect(problem(files).hasPrefix("--tls-ca: \(files.authority): holds no certificate in PEM"))
    files.authority = folder.url.path
    #expect(problem(files).hasPrefix("--tls-ca: \(folder.url.path): "))
  }

  @Test func `a key with a pass phrase is refused and nobody is asked for it`() throws {
    let folder = try CertificateFolder.shared.get()
    let encrypted = FileManager.default.temporaryDirectory.appendingPathComponent("moe-edge-\(UUID().uuidString).key")
    defer { try? FileManager.default.removeItem(at: encrypted) }
    let openssl = try Process.run(
      URL(fileURLWithPath: "/usr/bin/env"),
      arguments: [
        "openssl", "pkey", "-in", folder.file("bs.key").path, "-aes256", "-passout", "pass:secret", "-out",
        encrypted.path,
      ])
    openssl.waitUntilExit()
    #expect(openssl.terminationStatus == 0)
    var files = folder.files("bs")
    files.key = encrypted.path
    #expect(problem(files).contains("is encrypted"))
  }

  @Test func `a certificate for another role or index is refused`() throws {
    let folder = try CertificateFolder.shared.get()
    #expect(problem(folder.files("expert-3"), for: .expert(3)) == "none")
    #expect(
      problem(folder.files("expert-3"), for: .expert(4)).hasSuffix(
        "expected a certificate for expert 4 (URI urn:moe-edge:expert:4), received /CN=expert-3 (expert 3)"))
  }

  @Test func `an expired certificate and a key that all may read are warned of`() throws {
    #expect(try TLSContext(CertificateFolder.shared.get().files("bs")).warnings.isEmpty)
    let folder = try CertificateFolder(of: CertificateFolder.shared.get(), days: 0)
    defer { try? FileManager.default.removeItem(at: folder.url) }
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder.file("bs.key").path)
    let warnings = try TLSContext(folder.files("bs")).warnings
    #expect(warnings.count == 2)
    #expect(warnings.first?.contains("has expired at 20") == true)
    #expect(warnings.last?.contains("0600") == true)
  }

  @Test func `a subject is printed without what would break a log's line`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("moe-edge-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (certificate, key) = (folder.appendingPathComponent("c.pem").path, folder.appendingPathComponent("c.key").path)
    let openssl = Process()
    openssl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    openssl.arguments = [
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
      "/CN=a\nerror: all is lost \u{1B}[31m", "-keyout", key, "-out", certificate,
    ]
    openssl.standardError = FileHandle.nullDevice
    try openssl.run()
    openssl.waitUntilExit()
    let subject = try TLSContext(TLSFiles(certificate: certificate, key: key, authority: certificate))
      .certificate.subject
    #expect(subject == "/CN=a\\x0Aerror: all is lost \\x1B[31m")
  }

  @Test func `certificates are loaded again; where that fails, the old ones stay`() throws {
    let folder = try CertificateFolder()
    defer { try? FileManager.default.removeItem(at: folder.url) }
    let credentials = try TLSCredentials(folder.files("bs"), for: .baseStation)
    let first = credentials.context.certificate.fingerprint
    try FileManager.default.removeItem(at: folder.file("bs.pem"))
    #expect(throws: TLSFileError.self) { try credentials.reload() }
    #expect(credentials.context.certificate.fingerprint == first)
    try folder.make(["--experts", "8"])
    try credentials.reload()
    #expect(credentials.context.certificate.fingerprint != first)
  }

  @Test func `the script makes keys for their owner alone and keeps what exists`() throws {
    let folder = try CertificateFolder.shared.get()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(names.count == 2 * (1 + 1 + 8 + 2))
    for name in names where name.hasSuffix(".key") {
      let mode = try FileManager.default.attributesOfItem(atPath: folder.file(name).path)[.posixPermissions] as? Int
      #expect(mode == 0o600, "\(name)")
    }
    let before = try Data(contentsOf: folder.file("expert-7.pem"))
    try folder.make(["--experts", "8"])
    #expect(try Data(contentsOf: folder.file("expert-7.pem")) == before)
  }
}
