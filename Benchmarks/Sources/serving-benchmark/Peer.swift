import Foundation

/// A server from the Python package index that echoes, measured by a client in Python: `Benchmarks/peers`.
final class Peer {
  struct Measurement: Decodable {
    let p50_us: Double
    let requests_per_second: Double
  }

  let name: String
  private let python: URL
  private let scripts: URL
  private let port: Int
  private let process = Process()

  /// Starts it.
  init(_ name: String, python: URL, scripts: URL, answerBytes: Int) throws {
    self.name = name
    self.python = python
    self.scripts = scripts
    port = try freePort()
    process.executableURL = python
    process.arguments = [scripts.appendingPathComponent("\(name)_echo.py").path, "--port", "\(port)"]
    process.environment = ProcessInfo.processInfo.environment.merging(["ANSWER_BYTES": "\(answerBytes)"]) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  func measure(requestBytes: Int, callers: Int, seconds: Double) throws -> Measurement {
    let output = try outputOf(
      python,
      [
        scripts.appendingPathComponent("load.py").path, name, "\(port)", "\(requestBytes)", "\(callers)", "\(seconds)",
      ])
    return try JSONDecoder().decode(Measurement.self, from: output)
  }

  func end() {
    process.terminate()
    process.waitUntilExit()
  }

  /// A Python of its own with the peers' packages in that folder; made where it is not there.
  static func python(in folder: URL) throws -> URL {
    let python = folder.appendingPathComponent("bin/python")
    if !FileManager.default.isExecutableFile(atPath: python.path) {
      let env = URL(fileURLWithPath: "/usr/bin/env")
      _ = try outputOf(env, ["python3", "-m", "venv", folder.path])
      _ = try outputOf(python, ["-m", "pip", "install", "--quiet", "grpcio", "mosec"])
    }
    return python
  }
}
