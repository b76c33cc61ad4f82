import Foundation
import Radio
import Testing

/// Whatever is wrong is told in one clear line, with the exit status of the contract, within five seconds.
@Suite(.serialized) struct UsageTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let program: String
    let arguments: [String]
    let status: Int32
    let line: String

    init(_ description: String, _ program: String, _ arguments: [String], _ status: Int32, says line: String) {
      testDescription = description
      self.program = program
      self.arguments = arguments
      self.status = status
      self.line = line
    }
  }

  private static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("scripts")
  static let experiments = scripts.appendingPathComponent("experiments").path
  static let recipes = scripts.appendingPathComponent("recipes").path
  static let missingCredentials = [
    "--tls-cert", "/nowhere/c.pem", "--tls-key", "/nowhere/k.pem", "--tls-ca", "/nowhere/a.pem",
  ]
  static let unreachable = ["--bs", "127.0.0.1:1"]

  static let cases = [
    Case("no arguments to an expert", "moe-expert", [], 64, says: "--model"),
    Case(
      "an expert that nobody could reach", "moe-expert", ["--model", "MODEL", "--expert", "0"], 64, says: "--listen"),
    Case(
      "an unknown option", "moe-bs", ["--model", "MODEL", "--listen", "127.0.0.1:0", "--speed", "9"], 64,
      says: "--speed"),
    Case(
      "an unknown gate", "moe-bs", ["--model", "MODEL", "--listen", "127.0.0.1:0", "--gate", "best"], 64, says: "best"),
    Case(
      "a gate that knows the labels, at a base station that does not", "moe-bs",
      ["--model", "MODEL", "--listen", "127.0.0.1:0", "--gate", "oracle"], 64, says: "oracle"),
    Case(
      "a top-k of zero", "moe-bs", ["--model", "MODEL", "--listen", "127.0.0.1:0", "--top-k", "0"], 64, says: "--top-k"),
    Case(
      "a top-k beyond K", "moe-bs", ["--model", "MODEL", "--listen", "127.0.0.1:0", "--top-k", "9"], 1,
      says: "--top-k 9"),
    Case(
      "a missing model, base station", "moe-bs", ["--model", "/nowhere", "--listen", "127.0.0.1:0"], 1, says: "/nowhere"
    ),
    Case(
      "a missing model, expert", "moe-expert", ["--model", "/nowhere", "--expert", "0", "--listen", "127.0.0.1:0"], 1,
      says: "/nowhere"),
    Case(
      "an expert beyond K", "moe-expert", ["--model", "MODEL", "--expert", "8", "--listen", "127.0.0.1:0"], 1,
      says: "0 to 7"),
    Case("a folder without results", "moe-train", ["results", "--root", "/nowhere"], 1, says: "/nowhere/Results"),
    Case("a malformed address", "moe-bs", ["--model", "MODEL", "--listen", "127.0.0.1"], 64, says: "no port"),
    Case(
      "a malformed expert", "moe-bs", ["--model", "MODEL", "--listen", "127.0.0.1:0", "--expert", "edge:http"], 64,
      says: "a port is a number from 0 to 65535, not \"http\""),
    Case(
      "an address beyond loopback", "moe-bs", ["--model", "MODEL", "--listen", "0.0.0.0:0"], 64, says: "--insecure"),
    Case(
      "an impossible standard deviation", "moe-expert",
      ["--model", "MODEL", "--expert", "0", "--listen", "127.0.0.1:0", "--snr-std-db", "-1"], 64, says: "snr-std-db"),
    Case(
      "an unknown scenario", "moe-expert",
      ["--model", "MODEL", "--expert", "0", "--listen", "127.0.0.1:0", "--scenario", "papre"], 64,
      says: "--scenario: expected paper, indoor-iot, uav, vehicular, cell-edge or a readable file"),
    Case(
      "an option of the link that is not for this scenario", "moe-train",
      ["evaluate", "--model", "MODEL", "--data", ".", "--memory-s", "1"], 64, says: "--memory-s: expected"),
    Case(
      "blocks too short for the wall clock", "moe-expert",
      ["--model", "MODEL", "--expert", "0", "--listen", "127.0.0.1:0", "--coherence-ms", "0.01"], 64,
      says: "--coherence-ms: expected 0.1 to 3600000.0 with the wall clock, received 0.01"),
    Case(
      "the wall clock in one process", "moe-train",
      ["evaluate", "--model", "MODEL", "--data", ".", "--clock", "wall"], 64,
      says: "--clock: expected request"),
    Case(
      "too few packets for a study of links", "moe-train", ["link", "--packets", "1", "--output", "x"], 64,
      says: "--packets: expected 100"),
    Case(
      "a study of links to nowhere", "moe-train", ["link", "--packets", "100", "--output", "/nowhere/x"], 1,
      says: "/nowhere/x.csv"),
    Case("an unknown experiment", "moe-train", ["reproduce", "table3", "--data", "."], 64, says: "table3"),
    Case(
      "an experiment without its configuration", "moe-train",
      ["reproduce", "table2", "--data", ".", "--config", "/nowhere/table2.json"],
      1, says: "/nowhere/table2.json: cannot be read"),
    Case(
      "a configuration of another experiment", "moe-train",
      ["reproduce", "fig4", "--data", ".", "--config", "\(experiments)/fig3.json"], 1,
      says: "name: expected fig4, received fig3"),
    Case(
      "a card of a model that is not there", "moe-train", ["card", "--model", "/nowhere"], 1, says: "/nowhere"),
    Case(
      "a recipe that is not there", "moe-train",
      ["stage1", "--recipe", "/nowhere/r.json", "--data", ".", "--model", "x"], 1,
      says: "/nowhere/r.json: cannot be read"),
    Case(
      "more epochs than any recipe may have", "moe-train",
      ["stage2", "--recipe", "r.json", "--data", ".", "--model", "x", "--epochs", "10001"], 64,
      says: "--epochs: expected 1 to 10000, received 10001"),
    Case(
      "fewer epochs than the recipe needs", "moe-train",
      [
        "stage1", "--recipe", "\(recipes)/vit-cifar100-k8-first-cycle.json", "--data", "/nowhere",
        "--model", "x", "--epochs", "2",
      ], 1,
      says: "vit-cifar100-k8-first-cycle.json: stage1.patchDropout.wholeEpochs: expected 0 to 2, received"),
    Case(
      "curves of nothing", "moe-train", ["curves", "/nowhere", "--output", "x.svg"], 1, says: "/nowhere/metrics.jsonl"),
    Case(
      "curves as something else than a picture", "moe-train", ["curves", "run", "--output", "x.txt"], 64,
      says: ".svg or .png"),
    Case(
      "weights that are not there", "moe-train", ["import", "--model", "MODEL", "--weights", "/nowhere/w.safetensors"],
      1,
      says: "cannot read /nowhere/w.safetensors: No such file or directory"),
    Case(
      "weights of another network", "moe-train",
      ["import", "--model", "MODEL", "--weights", "MODEL/expert-0.safetensors", "--part", "backbone"], 1,
      says: "missing: conv1.weight, conv1.bias, conv2.weight, conv2.bias"),
    Case(
      "an expert that no model has", "moe-train",
      ["export", "--model", "MODEL", "--part", "expert-8", "--output", "/nowhere/w.safetensors"], 1,
      says: "expert: expected 0 to 7, received 8"),
    Case(
      "a part that no model has", "moe-train",
      ["export", "--model", "MODEL", "--part", "tail", "--output", "/nowhere/w.safetensors"], 64, says: "--part"),
    Case("a speed of nothing", "moe-train", ["speed"], 64, says: "expected either --model or --recipe"),
    Case(
      "a speed of inference with a teacher", "moe-train", ["speed", "--model", "MODEL", "--teacher", "MODEL"], 64,
      says: "--teacher: expected with --recipe only"),
    Case(
      "a speed of too many images at a time", "moe-train", ["speed", "--model", "MODEL", "--batch", "5000"], 64,
      says: "--batch: expected 1 to 4096, received 5000"),
    Case(
      "a precision that nobody knows", "moe-bs",
      ["--model", "MODEL", "--listen", "127.0.0.1:0", "--precision", "fp8"], 64, says: "fp8"),
    Case(
      "an untrained model of too many experts", "moe-train", ["init", "--experts", "65", "--model", "x"], 1,
      says: "--experts: expected 1 to 64, received 65"),
    Case(
      "an untrained model of an unknown backbone", "moe-train", ["init", "--backbone", "lenet6", "--model", "x"], 64,
      says: "lenet6"),
    Case(
      "a certificate without its key", "moe-bs",
      ["--model", "MODEL", "--listen", "127.0.0.1:0", "--tls-cert", "x.pem"], 64,
      says: "expected --tls-cert, --tls-key and --tls-ca together, received no --tls-key, --tls-ca"),
    Case(
      "a certificate that is not there", "moe-expert",
      ["--model", "MODEL", "--expert", "0", "--listen", "127.0.0.1:0"] + missingCredentials, 1,
      says: "--tls-cert: /nowhere/c.pem: cannot be read: No such file or directory"),
    Case(
      "a client's certificate that is not there", "moe-client", ["status"] + unreachable + missingCredentials, 1,
      says: "--tls-cert: /nowhere/c.pem: cannot be read: No such file or directory"),
    Case(
      "a pin that is none", "moe-client", ["status"] + unreachable + missingCredentials + ["--tls-pin", "abc"], 64,
      says: "--tls-pin: expected 64 hexadecimal digits, with or without colons, received \"abc\""),
    Case("an unreachable base station", "moe-client", ["infer"] + unreachable + ["x.png"], 1, says: "127.0.0.1:1"),
    Case("a malformed base station", "moe-client", ["status", "--bs", "nowhere"], 64, says: "nowhere"),
    Case(
      "a name that does not resolve", "moe-client", ["status", "--bs", "no-such-host.invalid:7000"], 1,
      says: "no-such-host.invalid"),
    Case("no file to infer", "moe-client", ["infer"] + unreachable, 64, says: "file-or-folder"),
    Case(
      "an unknown data set", "moe-client", ["evaluate"] + unreachable + ["--dataset", "mnist", "--data", "."], 64,
      says: "mnist"),
    Case(
      "predictions into a folder that is not there", "moe-client",
      ["evaluate"] + unreachable + ["--dataset", "cifar-10", "--data", ".", "--predictions", "/nowhere/p.jsonl"], 1,
      says: "--predictions: /nowhere/p.jsonl cannot be written: No such file or directory"),
    Case(
      "predictions in place of a folder", "moe-client",
      ["evaluate"] + unreachable + ["--dataset", "cifar-10", "--data", ".", "--predictions", "/tmp"], 1,
      says: "--predictions: /tmp cannot be written: Is a directory"),
    Case(
      "a rate beyond the clock's range", "moe-client", ["bench"] + unreachable + ["--rate", "1e-12"], 64, says: "--rate"
    ),
    Case(
      "no time to measure", "moe-client", ["bench"] + unreachable + ["--seconds", "1e-10"], 64, says: "--seconds"),
    Case(
      "a scenario with a negative speed", "moe-expert",
      ["--model", "MODEL", "--expert", "0", "--listen", "127.0.0.1:0", "--scenario", "uav", "--speed-m-s=-600"], 64,
      says: "--speed-m-s: expected"),
    Case("an unknown command", "moe-client", ["guess"], 64, says: "guess"),
  ]

  @Test(arguments: cases) func `it says so`(it: Case) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("moe-edge-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let model = folder.appendingPathComponent("model")
    try Cluster.writeModel(to: model, seed: 1)
    let start = ContinuousClock.now
    let process = try ChildProcess(
      it.program, it.arguments.map { $0.hasPrefix("MODEL") ? model.path + $0.dropFirst(5) : $0 }, in: folder)
    let (status, output) = try process.finish(within: 10)
    #expect(ContinuousClock.now - start < .seconds(5))
    #expect(status == it.status)
    #expect(output.isEmpty)
    let errors = process.standardError
    #expect(errors.contains(it.line), "\(errors)")
    if it.status == 1 { #expect(errors.split(separator: "\n").count == 1, "\(errors)") }
  }

  @Test(arguments: [
    ["moe-expert", "--model", ".", "--expert", "0", "--listen", "127.0.0.1:0"],
    ["moe-train", "evaluate", "--model", ".", "--data", "."],
  ])
  func `every key of a scenario is an option, and a wrong line of a file is named`(command: [String]) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("moe-edge-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func errors(_ options: [String]) throws -> String {
      let process = try ChildProcess(command[0], command.dropFirst() + options, in: folder)
      #expect(try process.finish(within: 5).status == 64)
      return process.standardError
    }
    for key in Scenario.keys.map(\.key) where key != "description" {
      let errors = try errors(["--\(key)", "?"])
      #expect(errors.contains("--\(key): expected "), "\(errors)")
    }
    let file = folder.appendingPathComponent("mine.toml").path
    try Data("# mine\nfading = \"fog\"\n".utf8).write(to: URL(fileURLWithPath: file))
    #expect(try errors(["--scenario", file]).contains("\(file):2: fading: expected \"rayleigh\""))
  }

  @Test(arguments: [
    ["moe-bs", "--model", ".", "--listen", "127.0.0.1:0"],
    ["moe-expert", "--model", ".", "--expert", "0", "--listen", "127.0.0.1:0"],
    ["moe-client", "replay", "-", "--model", "."],
    ["moe-train", "evaluate", "--model", ".", "--data", "."],
  ])
  func `kernels that are not there are wrong usage, told before anything is read`(command: [String]) throws {
    let folder = FileManager.default.temporaryDirectory
    func outcome(_ arguments: some Sequence<String>) throws -> (status: Int32, errors: String) {
      let process = try ChildProcess(command[0], Array(arguments), in: folder, environment: ["MOE_KERNELS": "fast"])
      return (try process.finish(within: 5).status, process.standardError)
    }
    let (status, errors) = try outcome(command.dropFirst())
    #expect(status == 64)
    #expect(errors.contains("MOE_KERNELS: expected \"reference\" or \"onednn\", received \"fast\""), "\(errors)")
    #expect(try outcome(["--help"]).status == 0)
  }

  @Test func `a daemon whose output nobody reads serves all the same`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("moe-edge-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let model = folder.appendingPathComponent("model")
    try Cluster.writeModel(to: model, seed: 1)
    let expert = try ChildProcess(
      "moe-expert",
      ["--model", model.path, "--expert", "0", "--listen", "127.0.0.1:0", "--attach", "127.0.0.1:1"], in: folder,
      isRead: false)
    defer { expert.end() }
    // It dials once it has told where it listens.
    try expert.waitForLog("127.0.0.1:1")
    expert.send(SIGTERM)
    #expect(try expert.finish(within: 10).status == 0)
  }

  @Test func `a port in use is named`() throws {
    let cluster = try Cluster.serving()
    defer { cluster.end() }
    let second = try ChildProcess(
      "moe-bs", ["--model", cluster.model.path, "--listen", cluster.address], in: cluster.folder)
    #expect(try second.finish(within: 5).status == 1)
    #expect(second.standardError.contains(cluster.address))
    #expect(second.standardError.split(separator: "\n").count == 1, "\(second.standardError)")
  }

  @Test(arguments: ["moe-bs", "moe-expert", "moe-client", "moe-train"])
  func `every program tells its version and its help`(program: String) throws {
    let folder = FileManager.default.temporaryDirectory
    for option in ["--version", "--help"] {
      let process = try ChildProcess(program, [option], in: folder)
      let (status, output) = try process.finish(within: 5)
      #expect(status == 0)
      #expect(output.contains(program))
    }
  }
}
