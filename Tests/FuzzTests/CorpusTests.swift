import Foundation
import FuzzTargets
import TLS
import TestCertificates
import Testing

/// What fuzzing has found worth keeping holds in every build.
@Suite(.enabled(if: CertificateFolder.canBeMade, "needs the openssl command"))
struct CorpusTests {
  @Test(arguments: FuzzTarget.allCases)
  func `every input of the corpus passes`(_ target: FuzzTarget) throws {
    let certificates = try CertificateFolder.shared.get()
    let credentials = FuzzTarget.Credentials(
      client: try TLSContext(certificates.files("client")), server: try TLSContext(certificates.files("bs")))
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Fuzzing/corpus/\(target.rawValue)").standardizedFileURL
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    #expect(files.count >= 10)
    for file in files {
      let input = [UInt8](try Data(contentsOf: file))
      do throws(Violation) {
        try target.run(input, credentials)
      } catch {
        Issue.record("\(file.lastPathComponent): \(error)")
      }
    }
  }
}
