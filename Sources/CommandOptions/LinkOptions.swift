package import ArgumentParser
package import Radio

/// How a simulated link behaves, as `moe-expert` and `moe-train evaluate` take it.
package struct LinkOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Mean of the SNR's law in dB (Es/N0 of a complex symbol).", valueName: "dB"))
  package var snrMeanDb: Double = 30

  @Option(help: ArgumentHelp("Standard deviation of the SNR's law in dB.", valueName: "dB"))
  package var snrStdDb: Double = 50

  @Option(help: "What the law speaks of: the link before fading, or after it.")
  package var snrReference: SNRReference = .preFading

  @Option(help: "The fading of a block: rayleigh, rician, nakagami or none.")
  package var fading: FadingName = .rayleigh

  @Option(help: ArgumentHelp("The Rician K-factor, line of sight over scatter.", valueName: "k"))
  package var ricianK: Double = 3

  @Option(help: ArgumentHelp("The Nakagami shape.", valueName: "m"))
  package var nakagamiM: Double = 2

  @Option(help: "What makes blocks: time, or the base station's requests (reproducible).")
  package var clock: LinkClock = .wall

  @Option(help: ArgumentHelp("How long a block of the wall clock lasts.", valueName: "ms"))
  package var coherenceMs: Double = 50

  @Option(help: ArgumentHelp("Keys all randomness of the link.", valueName: "n"))
  package var seed: UInt64 = 0

  package init() {}

  package mutating func validate() throws {
    do {
      try configuration.validate()
    } catch {
      throw ValidationError("--\(error)")
    }
    guard coherenceMs >= 1, coherenceMs <= 3_600_000 else {
      throw ValidationError("--coherence-ms: expected a number from 1 to 3600000, received \(coherenceMs)")
    }
  }

  package var configuration: LinkConfiguration {
    let fading: Fading =
      switch self.fading {
      case .rayleigh: .rayleigh
      case .rician: .rician(kFactor: ricianK)
      case .nakagami: .nakagami(m: nakagamiM)
      case .none: .none
      }
    return LinkConfiguration(
      snrMeanDB: snrMeanDb, snrStdDB: snrStdDb, snrReference: snrReference, fading: fading, seed: seed)
  }

  /// How long a block of the wall clock lasts, in nanoseconds.
  package var coherence: UInt64 { UInt64(coherenceMs * 1_000_000) }
}

/// The fadings of the command line.
package enum FadingName: String, CaseIterable, Sendable, ExpressibleByArgument {
  case rayleigh
  case rician
  case nakagami
  case none
}
