import Radio
import Randomness
import Testing

struct ScenarioTests {
  @Test(arguments: Scenario.names)
  func `the scenarios that come along are read and give states`(name: String) throws {
    let scenario = try Scenario(name) { _ in throw ScenarioTests.NoFiles() }
    #expect(scenario.name == name && scenario.summary != name)
    let link = try SimulatedLink(configuration: scenario.configuration, id: LinkID(baseStation: 0, process: 0))
    #expect((0..<100).allSatisfy { link.state(ofBlock: $0).snrDB.isFinite })
  }

  @Test func `the paper's scenario is the default configuration`() throws {
    #expect(try Scenario("paper") { _ in "" }.configuration == LinkConfiguration())
    #expect(try Scenario(parsing: "", name: "empty").configuration == LinkConfiguration())
  }

  @Test(arguments: [
    ("", false), ("fading = \"nakagami\"", false), ("feedback-correlation = 0.7", false), (interferers, false),
    ("feedback-delay-blocks = 1", true), (interferers + "interference-burst-blocks = 5", true),
    ("time-correlation = \"clarke\"\nspeed-m-s = 1\ncarrier-hz = 2e9", true),
  ])
  func `links have a memory where blocks hang together`(text: String, hasMemory: Bool) throws {
    #expect(try Scenario(parsing: text, name: "some").configuration.hasMemory == hasMemory)
  }

  private static let interferers = "interferers = 2\ninterference-db = 0\n"

  @Test(arguments: ["indoor-iot", "vehicular", "uav", "cell-edge"])
  func `devices that have a place give links a memory`(name: String) throws {
    let configuration = try Scenario(name) { _ in throw ScenarioTests.NoFiles() }.configuration
    var still = configuration
    (still.doppler, still.interference, still.feedback) = (nil, nil, .perfect)
    #expect(configuration.hasMemory && still.hasMemory)
    still.snr = .normal(meanDB: 10, stdDB: 5)
    #expect(!still.hasMemory)
  }

  @Test func `every key is understood`() throws {
    let scenario = try Scenario(
      parsing: """
        description = "all # of it"  # a comment
        snr-law = "path-loss"\r
        transmit-power-dbm=1
        noise-power-dbm = -9.5e1
          path-loss-db = 30
        reference-distance-m = 2
        path-loss-exponent = 3
        height-m = 5
        shadowing-std-db = 4
        shadowing-distance-m = 6
        mobility = "gauss-markov"
        area-m = 70
        speed-m-s = 8
        speed-std-m-s = 2
        memory-s = 9
        snr-reference = "post-fading"
        fading = "rician"
        rician-k = 5
        time-correlation = "clarke"
        carrier-hz = 1e9
        coherence-ms = 20
        interferers = 3
        interference-db = -1
        interference-activity = 0.25
        interference-burst-blocks = 4
        feedback-error-db = 0.5
        feedback-delay-blocks = 2
        feedback-bits = 3
        symbol-rate-hz = 2e6
        """, name: "all")
    #expect(scenario.summary == "all # of it")
    let law = PathLoss(
      transmitPowerDBm: 1, noisePowerDBm: -95, referenceLossDB: 30, referenceDistance: 2, exponent: 3, height: 5,
      shadowingStdDB: 4, shadowingDistance: 6, mobility: .gaussMarkov(area: 70, speed: 8, speedStd: 2, memory: 9))
    #expect(
      scenario.configuration
        == LinkConfiguration(
          snr: .pathLoss(law), snrReference: .postFading, fading: .rician(kFactor: 5),
          doppler: Doppler(speed: 8, carrier: 1e9),
          interference: Interference(count: 3, toNoiseDB: -1, activity: 0.25, burst: 4),
          feedback: ChannelFeedback(errorStdDB: 0.5, ageing: .blocks(2), bits: 3), blockDuration: 0.02, symbolRate: 2e6)
    )
  }

  @Test func `a delay in milliseconds becomes J0 of the Doppler phase`() throws {
    let text = """
      time-correlation = "clarke"
      speed-m-s = 29.9792458
      carrier-hz = 1e9
      feedback-delay-ms = 2
      """
    // f_d = 100 Hz, f_d tau = 0.2.
    guard case .correlation(let rho) = try Scenario(parsing: text, name: "t").configuration.feedback.ageing else {
      Issue.record("no correlation")
      return
    }
    #expect(abs(rho - Theory.clarkeAutocorrelation(periods: 0.2)) < 1e-12 && abs(rho - 0.6425) < 1e-4)
    for periods in [0, 0.05, 1, 12.3, 400] {
      let ageing = ChannelFeedback.Ageing.after(seconds: periods, Doppler(speed: 299_792_458, carrier: 1))
      guard case .correlation(let rho) = ageing else { continue }
      #expect(abs(rho - Theory.clarkeAutocorrelation(periods: periods)) < 1e-12)
    }
  }

  @Test func `a delay of Rician fading stays a time`() throws {
    let text = "time-correlation = \"clarke\"\nspeed-m-s = 3\ncarrier-hz = 1e9\nfeedback-delay-ms = 2\n"
    for fading in ["rician", "none"] {
      let scenario = try Scenario(parsing: text + "fading = \"\(fading)\"", name: "t")
      #expect(scenario.configuration.feedback.ageing == .seconds(0.002))
    }
  }

  @Test func `no interferers need no power and may have one`() throws {
    for text in ["interferers = 0", "interferers = 0\ninterference-db = 3\ninterference-activity = 0.5"] {
      #expect(try Scenario(parsing: text, name: "t").configuration == LinkConfiguration())
    }
  }

  @Test func `traces are read beside the scenario`() throws {
    var asked: [String] = []
    func read(_ path: String) throws -> String {
      asked.append(path)
      return path.hasSuffix(".toml") ? "snr-law = \"trace\"\nsnr-trace = \"day.txt\"\n" : "1\n2\n"
    }
    let scenario = try Scenario("folder/my.toml", readFile: read)
    #expect(asked == ["folder/my.toml", "folder/day.txt"])
    #expect(
      scenario.configuration.snr == .trace(try SNRTrace(parsing: "1 2".split(separator: " ").joined(separator: "\n"))))
  }

  @Test(arguments: [
    ("snr-mean-db 30", "t:1: line: expected key = value, received \"snr-mean-db 30\""),
    (
      "\nsnr-mean-dB = 30",
      "t:2: snr-mean-dB: expected perhaps snr-law or snr-mean-db or snr-reference or snr-std-db or snr-trace, received an unknown key"
    ),
    ("colour = 1", "t:1: colour: expected a key of Scenario.keys, received an unknown key"),
    ("snr-mean-db = 1\nsnr-mean-db = 2", "t:2: snr-mean-db: expected each key once, received it again, after line 1"),
    ("snr-mean-db =", "t:1: snr-mean-db: expected a number or a \"quoted\" word, received nothing"),
    ("snr-mean-db = loud", "t:1: snr-mean-db: expected a number or a \"quoted\" word, received \"loud\""),
    ("snr-mean-db = nan", "t:1: snr-mean-db: expected a number or a \"quoted\" word, received \"nan\""),
    ("snr-mean-db = \"30\"", "t:1: snr-mean-db: expected a number, received \"30\""),
    ("fading = 3", "t:1: fading: expected a \"quoted\" word, received 3"),
    (
      "# x\nfading = \"fog\"",
      "t:2: fading: expected \"rayleigh\", \"rician\", \"nakagami\", \"none\", received \"fog\""
    ),
    ("snr-law = \"fixed\"", "t: snr-mean-db: expected a number, because of snr-law = \"fixed\", received none"),
    ("rician-k = 3", "t:1: rician-k: expected no such key beside the other choices, received 3"),
    ("snr-std-db = -1", "t:1: snr-std-db: expected a number from 0.0 to 100.0, received -1.0"),
    ("feedback-bits = 5", "t:1: feedback-bits: expected a number from 1.0 to 4.0, received 5.0"),
    ("feedback-bits = 2.5", "t:1: feedback-bits: expected a whole number from 0 on, received 2.5"),
    ("feedback-delay-ms = 5", "t:1: feedback-delay-ms: expected time-correlation = \"clarke\" beside it, received 5"),
    (
      "time-correlation = \"clarke\"\ncarrier-hz = 1e9\nspeed-m-s = -600\nfeedback-delay-ms = 50",
      "t:3: speed-m-s: expected a number from 0.0 to 10000.0, received -600.0"
    ),
    ("interferers = 1", "t: interference-db: expected a number, because of interferers, received none"),
    ("interferers = 0\ninterference-db = \"x\"", "t:2: interference-db: expected a number, received \"x\""),
    (
      "feedback-correlation = 1\nfeedback-delay-blocks = 1",
      "t:1: feedback-correlation: expected feedback-delay-blocks or this, not both, received 1"
    ),
    (
      "snr-law = \"trace\"\nsnr-trace = \"x\"",
      "t:2: snr-trace: expected a readable trace, received x: SNR trace, line 1: expected at least one number, received none"
    ),
    ("snr-law = \"trace\"", "t: snr-trace: expected a file, because of snr-law = \"trace\", received nothing"),
  ])
  func `a wrong line is named with its field`(text: String, message: String) {
    let error = #expect(throws: ScenarioError.self) { try Scenario(parsing: text, name: "t") }
    #expect(error?.description == message)
  }

  @Test func `settings replace a scenario's keys and make the choices that they belong to`() throws {
    func configuration(_ name: String, _ settings: [(key: String, value: String)]) throws -> LinkConfiguration {
      try Scenario(name, overriding: settings) { $0 == "here.txt" ? "4 5" : "" }.configuration
    }
    var paper = LinkConfiguration(snrMeanDB: 10, snrStdDB: 5, fading: .rician(kFactor: 3))
    #expect(
      try configuration("paper", [("snr-mean-db", "10"), ("snr-std-db", "5"), ("fading", "rician")]) == paper)
    paper.fading = .rician(kFactor: 4)
    #expect(
      try configuration("paper", [("snr-mean-db", "10"), ("snr-std-db", "5"), ("rician-k", "4")]) == paper)

    let drone = try Scenario("uav") { _ in "" }.configuration
    var changed = drone
    changed.snr = .normal(meanDB: 12, stdDB: 50)
    #expect(try configuration("uav", [("snr-mean-db", "12")]) == changed)
    changed.snr = .normal(meanDB: 12, stdDB: 0)
    #expect(try configuration("uav", [("snr-law", "fixed"), ("snr-mean-db", "12")]) == changed)
    changed = drone
    changed.feedback.ageing = .blocks(3)
    changed.fading = .none
    changed.doppler = nil
    #expect(
      try configuration("uav", [("feedback-delay-blocks", "3"), ("fading", "none"), ("time-correlation", "none")])
        == changed)
    changed = LinkConfiguration()
    changed.snr = .trace(try SNRTrace(parsing: "4 5"))
    #expect(try configuration("paper", [("snr-trace", "here.txt")]) == changed)
    changed = LinkConfiguration()
    changed.doppler = Doppler(speed: 3, carrier: 1e9)
    #expect(try configuration("paper", [("speed-m-s", "3"), ("carrier-hz", "1e9")]) == changed)
    changed = try Scenario("cell-edge") { _ in "" }.configuration
    changed.interference = nil
    #expect(try configuration("cell-edge", [("interferers", "0")]) == changed)
  }

  @Test(arguments: [
    ("paper", [("snr-std-db", "-1")], "--snr-std-db: expected a number from 0.0 to 100.0, received -1.0"),
    ("paper", [("snr-std-db", "big")], "--snr-std-db: expected a number, received \"big\""),
    ("paper", [("snr-mean-db", "nan")], "--snr-mean-db: expected a number, received \"nan\""),
    ("uav", [("memory-s", "0")], "--memory-s: expected a number from 0.001 to 1000000.0, received 0.0"),
    ("paper", [("memory-s", "1")], "--memory-s: expected no such key beside the other choices, received \"1\""),
    (
      "paper", [("rician-k", "1"), ("nakagami-m", "2")],
      "--nakagami-m: expected no such key beside the other choices, received \"2\""
    ),
    (
      "paper", [("feedback-delay-blocks", "1"), ("feedback-correlation", "0.5")],
      "--feedback-correlation: expected feedback-delay-blocks or this, not both, received \"0.5\""
    ),
    (
      "uav", [("fading", "nakagami")],
      "--fading: expected rayleigh, rician or none with time correlation, received nakagami"
    ),
    (
      "cell-edge", [("mobility", "straight")],
      "cell-edge: area-m: expected a number, because of mobility = \"straight\", received none"
    ),
    ("paper", [("colour", "1")], "--colour: expected a key of Scenario.keys, received an unknown key"),
    (
      "rician-k = 1", [("fading", "rician")],
      "rician-k = 1:1: rician-k: expected no such key beside the other choices, received 1"
    ),
  ])
  func `a wrong setting is named as an option`(name: String, settings: [(String, String)], message: String) {
    let error = #expect(throws: ScenarioError.self) { try Scenario(name, overriding: settings) { $0 } }
    #expect(error?.description == message)
  }

  @Test func `a file that is too long is refused unread`() {
    let text = String(repeating: "#\n", count: 40_000)
    #expect(throws: ScenarioError.self) { try Scenario(parsing: text, name: "t") }
  }

  @Test func `arbitrary texts and settings are read or refused without harm`() throws {
    var generator = CounterGenerator(seed: 151)
    let keys = Scenario.keys.map(\.key)
    let values = [
      "\"path-loss\"", "\"trace\"", "\"clarke\"", "\"gauss-markov\"", "\"random-waypoint\"", "\"rician\"",
      "\"nakagami\"", "3",
      "-1", "0", "1e400", "1e308", "0x1p3", "\"", "\"\"", "#", "=", "𝄞", "é\"", "9999999999999999999999", "1e-320",
    ]
    let pieces = ["=", " ", "\"", "#", "\n", "\r\n", "\t", "-", ".", "\0", "\u{301}", "\u{2028}"] + keys + values
    func pick(_ choices: [String]) -> String { choices[Int(generator.uniform(below: UInt64(choices.count)))] }
    var good = 0
    for round in 0..<fuzzRounds {
      var text = ""
      for _ in 0..<generator.uniform(below: 6) {
        text += round % 2 == 0 ? pick(keys) + " = " + pick(values) + "\n" : pick(pieces)
      }
      if round % 200 == 0 {
        text = Scenario.text(named: Scenario.names[round / 200 % 5]) ?? ""
        var bytes = Array(text.utf8)
        for _ in 0..<2 { bytes[Int(generator.uniform(below: UInt64(bytes.count)))] = UInt8(generator.next() & 127) }
        text = String(decoding: bytes, as: UTF8.self)
      }
      let settings = (0..<(round % 3 == 0 ? generator.uniform(below: 4) : 0)).map { _ in
        (key: pick(keys), value: String(pick(values).filter { $0 != "\"" }))
      }
      if let scenario = try? Scenario(parsing: text, name: "t", overriding: settings) {
        good += 1
        if good % 100 == 0 {
          let link = try SimulatedLink(configuration: scenario.configuration, id: LinkID(baseStation: 1, process: 2))
          #expect(link.state(ofBlock: generator.next()).snrDB.isFinite)
          #expect(link.reportedSNRDB(ofBlock: generator.next()).isFinite)
        }
      }
    }
    #expect(good > fuzzRounds / 100)
  }

  struct NoFiles: Error {}
}
