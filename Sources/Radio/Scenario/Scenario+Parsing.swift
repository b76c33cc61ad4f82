internal import Randomness

extension Scenario {
  /// The keys of scenario files, with what they mean. Defaults are the paper's.
  public static let keys: [(key: String, meaning: String)] = [
    ("description", "one line for people"),
    ("snr-law", "\"normal\", \"fixed\", \"trace\" or \"path-loss\": where a block's SNR before fading comes from"),
    ("snr-mean-db", "normal: mean of the SNR (Es/N0) in dB; fixed: the SNR itself"),
    ("snr-std-db", "normal: standard deviation in dB"),
    ("snr-trace", "trace: a file with one row a block and one column for each expert process, in dB"),
    ("snr-reference", "\"pre-fading\" or \"post-fading\": whether the law speaks of the link before fading or after"),
    ("transmit-power-dbm", "path-loss: transmit power, antenna gains included"),
    ("noise-power-dbm", "path-loss: noise power in the signal's bandwidth"),
    ("path-loss-db", "path-loss: loss at the reference distance"),
    ("reference-distance-m", "path-loss: that distance"),
    ("path-loss-exponent", "path-loss: n of 10 n log10(d/d0)"),
    ("height-m", "path-loss: difference of the antennas' heights"),
    ("shadowing-std-db", "path-loss: standard deviation of log-normal shadowing; 0 for none"),
    ("shadowing-distance-m", "path-loss: distance over which shadowing's correlation falls to 1/e"),
    ("mobility", "path-loss: \"fixed\", \"straight\", \"gauss-markov\" or \"random-waypoint\""),
    ("distance-m", "fixed: distance from the base station"),
    ("area-m", "moving: side of the square around the base station"),
    ("speed-m-s", "straight, gauss-markov: (mean) speed; clarke: the speed that sets the Doppler shift"),
    ("speed-std-m-s", "gauss-markov: standard deviation of the velocity per axis"),
    ("memory-s", "gauss-markov: time over which the velocity's correlation falls to 1/e"),
    ("speed-min-m-s", "random-waypoint: slowest"),
    ("speed-max-m-s", "random-waypoint: fastest"),
    ("pause-s", "random-waypoint: rest at each place"),
    ("fading", "\"rayleigh\", \"rician\", \"nakagami\" or \"none\""),
    ("rician-k", "rician: power of the direct path over that of the scattered ones (a ratio); 3 by default"),
    ("nakagami-m", "nakagami: the shape m, at least 0.5; 2 by default"),
    ("time-correlation", "\"none\": fading is new in every block; \"clarke\": it follows speed and carrier"),
    ("carrier-hz", "clarke: carrier frequency"),
    ("coherence-ms", "a block's duration"),
    ("interferers", "how many transmitters share the channel"),
    ("interference-db", "mean interference-to-noise ratio of each, in dB"),
    ("interference-activity", "the probability that one is on"),
    ("interference-burst-blocks", "blocks for which it stays on or off"),
    ("feedback-error-db", "standard deviation of the reported SNR's error"),
    ("feedback-delay-blocks", "reports describe the block so many blocks ago"),
    ("feedback-delay-ms", "clarke: reports are so old; Rayleigh fading has decorrelated by J0(2 pi f_d tau) since"),
    ("feedback-correlation", "that correlation itself, without speed and carrier; beside a direct path, of the rest"),
    ("feedback-bits", "1 to 4: reports tell 2^bits levels from -20 to 30 dB"),
    ("symbol-rate-hz", "complex symbols a second, for times on air"),
  ]

  /// What a key means; the empty text for what is none.
  public static func meaning(of key: String) -> String { keys.first { $0.key == key }?.meaning ?? "" }

  private static let keyNames = Set(keys.map(\.key))

  /// Reads a scenario's text.
  /// - Parameters:
  ///   - name: what errors call it.
  ///   - folder: with a slash at its end; a trace's path is relative to it.
  ///   - settings: values of keys that replace the text's, as on a command line. The text must be right without them.
  ///   - readFile: reads the text of an SNR trace; by default there is none.
  public init(
    parsing text: String, name: String, folder: String = "", overriding settings: [(key: String, value: String)] = [],
    readFile: (_ path: String) throws -> String = { _ in "" }
  ) throws(ScenarioError) {
    let table = try ScenarioTable(parsing: text, name: name, keys: Self.keyNames)
    if let unknown = settings.first(where: { !Self.keyNames.contains($0.key) })?.key {
      throw ScenarioError(
        place: .option, field: unknown, expected: "a key of Scenario.keys", received: "an unknown key")
    }
    func read(_ table: ScenarioTable) throws(ScenarioError) -> Scenario {
      try Scenario(table) { path in
        try readFile(table.isOption("snr-trace") || path.hasPrefix("/") ? path : folder + path)
      }
    }
    let unchanged = try read(table)
    self = try settings.isEmpty ? unchanged : read(table.overridden(by: settings))
  }

  private init(_ table: ScenarioTable, readTrace: (_ path: String) throws -> String) throws(ScenarioError) {
    var table = table
    name = table.name
    summary = try table.word("description") ?? name
    let doppler = try Self.doppler(&table)
    var configuration = LinkConfiguration(snr: try Self.law(&table, readTrace: readTrace))
    configuration.snrReference =
      SNRReference(
        name: try table.word("snr-reference", among: SNRReference.allCases.map(\.name), default: "pre-fading"))
      ?? .preFading
    configuration.fading = try Self.fading(&table)
    configuration.doppler = doppler
    configuration.interference = try Self.interference(&table)
    configuration.feedback = try Self.feedback(&table, configuration.fading, doppler)
    if let milliseconds = try table.number("coherence-ms") { configuration.blockDuration = milliseconds / 1_000 }
    if let rate = try table.number("symbol-rate-hz") { configuration.symbolRate = rate }
    try table.finish()
    do {
      try configuration.validate()
    } catch {
      throw table.error(error.field, expected: error.expected, received: error.received)
    }
    self.configuration = configuration
  }

  private static func law(
    _ table: inout ScenarioTable, readTrace: (String) throws -> String
  ) throws(ScenarioError) -> SNRLaw {
    switch try table.word("snr-law", among: ["normal", "fixed", "trace", "path-loss"], default: "normal") {
    case "trace":
      guard let path = try table.word("snr-trace") else {
        throw table.error("snr-trace", expected: "a file, because of snr-law = \"trace\"")
      }
      do {
        return .trace(try SNRTrace(parsing: try readTrace(path)))
      } catch {
        throw table.error("snr-trace", expected: "a readable trace", received: "\(path): \(error)")
      }
    case "path-loss":
      return .pathLoss(try pathLoss(&table))
    case "fixed":
      return .normal(meanDB: try table.number("snr-mean-db", requiredBy: "snr-law = \"fixed\""), stdDB: 0)
    default:
      return .normal(meanDB: try table.number("snr-mean-db") ?? 30, stdDB: try table.number("snr-std-db") ?? 50)
    }
  }

  private static func pathLoss(_ table: inout ScenarioTable) throws(ScenarioError) -> PathLoss {
    let reason = "snr-law = \"path-loss\""
    return PathLoss(
      transmitPowerDBm: try table.number("transmit-power-dbm", requiredBy: reason),
      noisePowerDBm: try table.number("noise-power-dbm", requiredBy: reason),
      referenceLossDB: try table.number("path-loss-db", requiredBy: reason),
      referenceDistance: try table.number("reference-distance-m") ?? 1,
      exponent: try table.number("path-loss-exponent", requiredBy: reason),
      height: try table.number("height-m") ?? 0,
      shadowingStdDB: try table.number("shadowing-std-db") ?? 0,
      shadowingDistance: try table.number("shadowing-distance-m") ?? 20,
      mobility: try mobility(&table))
  }

  private static func mobility(_ table: inout ScenarioTable) throws(ScenarioError) -> Mobility {
    let models = ["fixed", "straight", "gauss-markov", "random-waypoint"]
    let model = try table.word("mobility", among: models, default: "fixed")
    let reason = "mobility = \"\(model)\""
    switch model {
    case "straight":
      return .straight(
        area: try table.number("area-m", requiredBy: reason), speed: try table.number("speed-m-s", requiredBy: reason))
    case "gauss-markov":
      return .gaussMarkov(
        area: try table.number("area-m", requiredBy: reason), speed: try table.number("speed-m-s", requiredBy: reason),
        speedStd: try table.number("speed-std-m-s", requiredBy: reason),
        memory: try table.number("memory-s", requiredBy: reason))
    case "random-waypoint":
      let slowest = try table.number("speed-min-m-s", requiredBy: reason)
      let fastest = try table.number("speed-max-m-s", requiredBy: reason)
      guard slowest <= fastest else {
        throw table.error("speed-max-m-s", expected: "at least speed-min-m-s = \(slowest)")
      }
      return .randomWaypoint(
        area: try table.number("area-m", requiredBy: reason), speeds: slowest...fastest,
        pause: try table.number("pause-s") ?? 0)
    default:
      return .fixed(distance: try table.number("distance-m", requiredBy: reason))
    }
  }

  private static func fading(_ table: inout ScenarioTable) throws(ScenarioError) -> Fading {
    switch try table.word("fading", among: ["rayleigh", "rician", "nakagami", "none"], default: "rayleigh") {
    case "rician": .rician(kFactor: try table.number("rician-k") ?? 3)
    case "nakagami": .nakagami(m: try table.number("nakagami-m") ?? 2)
    case "none": .none
    default: .rayleigh
    }
  }

  private static func doppler(_ table: inout ScenarioTable) throws(ScenarioError) -> Doppler? {
    guard try table.word("time-correlation", among: ["none", "clarke"], default: "none") == "clarke" else { return nil }
    let reason = "time-correlation = \"clarke\""
    let carrier = try table.number("carrier-hz", requiredBy: reason)
    return Doppler(speed: try table.number("speed-m-s", requiredBy: reason), carrier: carrier)
  }

  private static func interference(_ table: inout ScenarioTable) throws(ScenarioError) -> Interference? {
    guard let count = try table.count("interferers") else { return nil }
    let activity = try table.number("interference-activity") ?? 1
    let burst = try table.count("interference-burst-blocks") ?? 1
    if count == 0 {
      // None may have a power all the same, so that one key turns them off.
      _ = try table.number("interference-db")
      return nil
    }
    return Interference(
      count: Int(clamping: count), toNoiseDB: try table.number("interference-db", requiredBy: "interferers"),
      activity: activity, burst: burst)
  }

  private static func feedback(
    _ table: inout ScenarioTable, _ fading: Fading, _ doppler: Doppler?
  ) throws(ScenarioError) -> ChannelFeedback {
    var ages: [(key: String, ageing: ChannelFeedback.Ageing)] = []
    if let blocks = try table.count("feedback-delay-blocks") { ages.append(("feedback-delay-blocks", .blocks(blocks))) }
    if let milliseconds = try table.number("feedback-delay-ms") {
      guard let doppler else {
        throw table.error("feedback-delay-ms", expected: "time-correlation = \"clarke\" beside it")
      }
      guard (0...1e6).contains(milliseconds) else {
        throw table.error("feedback-delay-ms", expected: "a number from 0 to 1000000")
      }
      let seconds = milliseconds / 1_000
      ages.append(
        ("feedback-delay-ms", fading == .rayleigh ? .after(seconds: seconds, doppler) : .seconds(seconds)))
    }
    if let rho = try table.number("feedback-correlation") { ages.append(("feedback-correlation", .correlation(rho))) }
    if ages.count > 1 { throw table.error(ages[1].key, expected: "\(ages[0].key) or this, not both") }
    return ChannelFeedback(
      errorStdDB: try table.number("feedback-error-db") ?? 0, ageing: ages.first?.ageing ?? .none,
      bits: try table.count("feedback-bits").map { Int(clamping: $0) })
  }
}
