extension LinkConfiguration {
  /// Throws the first field that is out of range, named as on the command line and in scenario files.
  public func validate() throws(LinkConfigurationError) {
    switch snr {
    case .normal(let meanDB, let stdDB):
      try Self.check("snr-mean-db", meanDB, in: -200...200)
      try Self.check("snr-std-db", stdDB, in: 0...100)
    case .trace: break
    case .pathLoss(let pathLoss): try Self.validate(pathLoss)
    }
    switch fading {
    case .none, .rayleigh: break
    case .rician(let kFactor): try Self.check("rician-k", kFactor, in: 0...1e6)
    case .nakagami(let m): try Self.check("nakagami-m", m, in: 0.5...1e3)
    }
    if let doppler {
      try Self.check("speed-m-s", doppler.speed, in: 0...1e4)
      try Self.check("carrier-hz", doppler.carrier, in: 1e3...1e12)
      let periods = doppler.frequency * blockDuration
      guard periods <= 1_000 else {
        throw LinkConfigurationError(
          field: "coherence-ms", expected: "a block of at most 1000 Doppler periods", received: "\(periods) periods")
      }
      if case .nakagami = fading {
        throw LinkConfigurationError(
          field: "fading", expected: "rayleigh, rician or none with time correlation", received: "nakagami")
      }
    }
    if let interference {
      try Self.check("interferers", Double(interference.count), in: 0...64)
      try Self.check("interference-db", interference.toNoiseDB, in: -100...200)
      try Self.check("interference-activity", interference.activity, in: 0...1)
      try Self.check("interference-burst-blocks", Double(interference.burst), in: 1...1e9)
    }
    try Self.check("feedback-error-db", feedback.errorStdDB, in: 0...100)
    switch feedback.ageing {
    case .none, .blocks: break
    case .correlation(let rho): try Self.check("feedback-correlation", rho, in: -1...1)
    case .seconds(let seconds):
      try Self.check("feedback-delay-ms", 1_000 * seconds, in: 0...1e6)
      guard doppler != nil else {
        throw LinkConfigurationError(
          field: "feedback-delay-ms", expected: "fading that follows time", received: "new fading in every block")
      }
    }
    if let bits = feedback.bits { try Self.check("feedback-bits", Double(bits), in: 1...4) }
    try Self.check("coherence-ms", blockDuration * 1_000, in: 1e-3...1e7)
    try Self.check("symbol-rate-hz", symbolRate, in: 1...1e12)
  }

  private static func validate(_ pathLoss: PathLoss) throws(LinkConfigurationError) {
    try check("transmit-power-dbm", pathLoss.transmitPowerDBm, in: -200...200)
    try check("noise-power-dbm", pathLoss.noisePowerDBm, in: -250...100)
    try check("path-loss-db", pathLoss.referenceLossDB, in: -100...250)
    try check("reference-distance-m", pathLoss.referenceDistance, in: 1e-3...1e6)
    try check("path-loss-exponent", pathLoss.exponent, in: 0...10)
    try check("height-m", pathLoss.height, in: 0...1e5)
    try check("shadowing-std-db", pathLoss.shadowingStdDB, in: 0...50)
    try check("shadowing-distance-m", pathLoss.shadowingDistance, in: 1e-2...1e5)
    switch pathLoss.mobility {
    case .fixed(let distance):
      try check("distance-m", distance, in: 0...1e6)
    case .straight(let area, let speed):
      try check("area-m", area, in: 1e-1...1e6)
      try check("speed-m-s", speed, in: 0...1e4)
    case .gaussMarkov(let area, let speed, let speedStd, let memory):
      try check("area-m", area, in: 1e-1...1e6)
      try check("speed-m-s", speed, in: 0...1e4)
      try check("speed-std-m-s", speedStd, in: 0...1e4)
      try check("memory-s", memory, in: 1e-3...1e6)
    case .randomWaypoint(let area, let speeds, let pause):
      try check("area-m", area, in: 1e-1...1e6)
      try check("speed-min-m-s", speeds.lowerBound, in: 1e-3...1e4)
      try check("speed-max-m-s", speeds.upperBound, in: 1e-3...1e4)
      try check("pause-s", pause, in: 0...1e6)
    }
  }

  private static func check(
    _ field: String, _ value: Double, in range: ClosedRange<Double>
  ) throws(LinkConfigurationError) {
    guard range.contains(value) else {
      throw LinkConfigurationError(
        field: field, expected: "a number from \(range.lowerBound) to \(range.upperBound)", received: "\(value)")
    }
  }
}

/// A field of a link's configuration is out of range.
public struct LinkConfigurationError: Error, Hashable, CustomStringConvertible {
  public let field: String
  public let expected: String
  public let received: String

  public init(field: String, expected: String, received: String) {
    self.field = field
    self.expected = expected
    self.received = received
  }

  public var description: String { "\(field): expected \(expected), received \(received)" }
}
