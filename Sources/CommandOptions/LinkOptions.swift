package import ArgumentParser
package import Radio

/// How simulated links behave: a scenario, and options in the place of its keys.
package struct LinkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The radio environment: \(Scenario.names.joined(separator: ", ")) or a file. The options below replace its keys.",
      valueName: "name-or-file"))
  package var scenario = "paper"

  @Option(help: ArgumentHelp("Keys all randomness of the link.", valueName: "n"))
  package var seed: UInt64 = 0

  @Option(key: "snr-law", "law") var snrLaw: String?
  @Option(key: "snr-mean-db", "dB") var snrMeanDb: String?
  @Option(key: "snr-std-db", "dB") var snrStdDb: String?
  @Option(key: "snr-trace", "file") var snrTrace: String?
  @Option(key: "snr-reference", "reference") var snrReference: String?
  @Option(key: "transmit-power-dbm", "dBm") var transmitPowerDbm: String?
  @Option(key: "noise-power-dbm", "dBm") var noisePowerDbm: String?
  @Option(key: "path-loss-db", "dB") var pathLossDb: String?
  @Option(key: "reference-distance-m", "m") var referenceDistanceM: String?
  @Option(key: "path-loss-exponent", "n") var pathLossExponent: String?
  @Option(key: "height-m", "m") var heightM: String?
  @Option(key: "shadowing-std-db", "dB") var shadowingStdDb: String?
  @Option(key: "shadowing-distance-m", "m") var shadowingDistanceM: String?
  @Option(key: "mobility", "model") var mobility: String?
  @Option(key: "distance-m", "m") var distanceM: String?
  @Option(key: "area-m", "m") var areaM: String?
  @Option(key: "speed-m-s", "m/s") var speedMS: String?
  @Option(key: "speed-std-m-s", "m/s") var speedStdMS: String?
  @Option(key: "memory-s", "s") var memoryS: String?
  @Option(key: "speed-min-m-s", "m/s") var speedMinMS: String?
  @Option(key: "speed-max-m-s", "m/s") var speedMaxMS: String?
  @Option(key: "pause-s", "s") var pauseS: String?
  @Option(key: "fading", "law") var fading: String?
  @Option(key: "rician-k", "k") var ricianK: String?
  @Option(key: "nakagami-m", "m") var nakagamiM: String?
  @Option(key: "time-correlation", "model") var timeCorrelation: String?
  @Option(key: "carrier-hz", "Hz") var carrierHz: String?
  @Option(key: "coherence-ms", "ms") var coherenceMs: String?
  @Option(key: "interferers", "n") var interferers: String?
  @Option(key: "interference-db", "dB") var interferenceDb: String?
  @Option(key: "interference-activity", "share") var interferenceActivity: String?
  @Option(key: "interference-burst-blocks", "n") var interferenceBurstBlocks: String?
  @Option(key: "feedback-error-db", "dB") var feedbackErrorDb: String?
  @Option(key: "feedback-delay-blocks", "n") var feedbackDelayBlocks: String?
  @Option(key: "feedback-delay-ms", "ms") var feedbackDelayMs: String?
  @Option(key: "feedback-correlation", "rho") var feedbackCorrelation: String?
  @Option(key: "feedback-bits", "n") var feedbackBits: String?
  @Option(key: "symbol-rate-hz", "Hz") var symbolRateHz: String?

  package init() {}

  private var settings: [(key: String, value: String?)] {
    [
      ("snr-law", snrLaw), ("snr-mean-db", snrMeanDb), ("snr-std-db", snrStdDb), ("snr-trace", snrTrace),
      ("snr-reference", snrReference), ("transmit-power-dbm", transmitPowerDbm), ("noise-power-dbm", noisePowerDbm),
      ("path-loss-db", pathLossDb), ("reference-distance-m", referenceDistanceM),
      ("path-loss-exponent", pathLossExponent), ("height-m", heightM), ("shadowing-std-db", shadowingStdDb),
      ("shadowing-distance-m", shadowingDistanceM), ("mobility", mobility), ("distance-m", distanceM),
      ("area-m", areaM), ("speed-m-s", speedMS), ("speed-std-m-s", speedStdMS), ("memory-s", memoryS),
      ("speed-min-m-s", speedMinMS), ("speed-max-m-s", speedMaxMS), ("pause-s", pauseS), ("fading", fading),
      ("rician-k", ricianK), ("nakagami-m", nakagamiM), ("time-correlation", timeCorrelation),
      ("carrier-hz", carrierHz), ("coherence-ms", coherenceMs), ("interferers", interferers),
      ("interference-db", interferenceDb), ("interference-activity", interferenceActivity),
      ("interference-burst-blocks", interferenceBurstBlocks), ("feedback-error-db", feedbackErrorDb),
      ("feedback-delay-blocks", feedbackDelayBlocks), ("feedback-delay-ms", feedbackDelayMs),
      ("feedback-correlation", feedbackCorrelation), ("feedback-bits", feedbackBits),
      ("symbol-rate-hz", symbolRateHz),
    ]
  }

  package mutating func validate() throws { _ = try chosenScenario() }

  /// The links' configuration; throws a usage error that names the option, or the file's line.
  package func configuration() throws -> LinkConfiguration { try chosenScenario().configuration }

  /// The scenario with the options in the place of its keys; throws like `configuration`.
  package func chosenScenario() throws -> Scenario {
    do {
      let given = settings.compactMap { setting in setting.value.map { (setting.key, $0) } }
      var scenario = try Scenario(scenario, overriding: given, readFile: TextFile.read)
      scenario.configuration.seed = seed
      return scenario
    } catch let error as ScenarioError {
      throw ValidationError("\(error)")
    } catch {
      throw ValidationError(
        "--scenario: expected \(Scenario.names.joined(separator: ", ")) or a readable file, received \(error)")
    }
  }
}

extension Option where Value == String? {
  /// An option in the place of a scenario's key.
  fileprivate init(key: String, _ valueName: String) {
    self.init(name: .customLong(key), help: ArgumentHelp("\(Scenario.meaning(of: key)).", valueName: valueName))
  }
}
