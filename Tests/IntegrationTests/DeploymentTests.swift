import Foundation
import TestCertificates
import Testing

/// What `deploy/` and `docker-compose.yml` start: the programs take these very command lines.
@Suite(.serialized, .enabled(if: CertificateFolder.canBeMade, "needs the openssl command")) struct DeploymentTests {
  private static let units = repository.appendingPathComponent("deploy/systemd")

  /// The command lines that start daemons, as the composition has them and as the units have them for expert 3.
  private static func commands() throws -> [[String]] {
    let composition = try String(contentsOf: repository.appendingPathComponent("docker-compose.yml"), encoding: .utf8)
    let folded = composition.components(separatedBy: "command: >-\n").dropFirst().map { text in
      text.split(separator: "\n").prefix { $0.hasPrefix("      ") }.joined(separator: " ")
    }
    let starts = try ["moe-bs.service", "moe-expert@.service"].map { name in
      let text = try String(contentsOf: units.appendingPathComponent(name), encoding: .utf8)
        .replacingOccurrences(of: "\\\n", with: " ").replacingOccurrences(of: "%i", with: "3")
      let start = try #require(text.split(separator: "\n").first { $0.hasPrefix("ExecStart=") })
      var command = String(start.dropFirst("ExecStart=/usr/local/bin/".count))
      // The settings of the unit, which an environment file may replace.
      let settings = try #require(text.split(separator: "\n").first { $0.hasPrefix("Environment=MODEL") })
      for (name, form) in [("MODEL", "${MODEL}"), ("LISTEN", "${LISTEN}"), ("OPTIONS", "$OPTIONS")] {
        let value = settings.split(separator: "\(name)=").dropFirst().first?.split(separator: "\"").first ?? ""
        let first = name == "OPTIONS" ? value : value.prefix { $0 != " " }
        command = command.replacingOccurrences(of: form, with: first)
      }
      return command
    }
    return (folded + starts).map { $0.split(separator: " ").map(String.init) }
  }

  @Test func `every command line starts its daemon, and all of them find each other`() throws {
    let certificates = try CertificateFolder.shared.get()
    let commands = try Self.commands()
    #expect(commands.count(where: { $0[0] == "moe-bs" }) == 2)
    #expect(commands.count(where: { $0[0] == "moe-expert" }) == 9)
    for baseStation in commands where baseStation[0] == "moe-bs" {
      let cluster = try Cluster(certificates: certificates)
      defer { cluster.end() }
      func start(_ command: [String], at address: String) throws -> ChildProcess {
        let index = command.firstIndex(of: "--expert").map { command[$0 + 1] }
        let node = index.map { "expert-\($0)" } ?? "bs"
        let replaced = command.dropFirst().map { word in
          if word == "/model" || word == "/var/lib/moe-edge/model" { return cluster.model.path }
          if word.hasSuffix("/ca.pem") { return certificates.file("ca.pem").path }
          if word.hasSuffix(".pem") { return certificates.file("\(node).pem").path }
          if word.hasSuffix(".key") { return certificates.file("\(node).key").path }
          return word.hasSuffix(":7000") ? address : word
        }
        return try ChildProcess(command[0], replaced, in: cluster.folder)
      }
      let daemon = try start(baseStation, at: "127.0.0.1:0")
      defer { daemon.end() }
      let address = try daemon.readyAddress()
      for command in commands where command[0] == "moe-expert" {
        let expert = try start(command, at: address)
        defer { expert.end() }
        #expect(try expert.readyAddress() == address)
      }
    }
  }

  @Test func `no node shares its key, and the authority's is with the one-shot alone`() throws {
    let text = try String(contentsOf: repository.appendingPathComponent("docker-compose.yml"), encoding: .utf8)
    func mounts(_ volume: String) -> Int {
      text.components(separatedBy: "\(volume):/").count - 1
    }
    #expect(mounts("authority") == 1)
    for volume in ["bs", "client"] + (0..<8).map({ "expert-\($0)" }) {
      #expect(mounts("- \(volume)") + mounts("[\(volume)") == 2, "the one-shot and one other see \(volume)")
    }
    #expect(!text.contains("--insecure"))
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze"), "needs systemd-analyze"))
  func `scripts, units and composition pass what checks of them are installed`() throws {
    let process = Process()
    let output = Pipe()
    process.executableURL = repository.appendingPathComponent("scripts/check_deploy.sh")
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(said)")
    #expect(said.contains("moe-bs.service: Overall exposure"), "\(said)")
  }
}
