/// Everything that a simulated link's states depend on besides its identity.
public struct LinkConfiguration: Sendable, Hashable, Codable {
  /// Mean of the SNR's law, in dB. SNR is Es/N0 of a complex symbol made of two unit-power reals = 1/sigma² per real.
  public var snrMeanDB: Double
  /// Standard deviation of the SNR's law, in dB; drawn anew for every block (the paper: N(30, 50²) dB).
  public var snrStdDB: Double
  public var snrReference: SNRReference
  public var fading: Fading
  /// Complex symbols a second.
  public var symbolRate: Double
  public var seed: UInt64

  public init(
    snrMeanDB: Double = 30, snrStdDB: Double = 50, snrReference: SNRReference = .preFading,
    fading: Fading = .rayleigh, symbolRate: Double = 1e6, seed: UInt64 = 0
  ) {
    self.snrMeanDB = snrMeanDB
    self.snrStdDB = snrStdDB
    self.snrReference = snrReference
    self.fading = fading
    self.symbolRate = symbolRate
    self.seed = seed
  }

  /// How long `symbols` take, in seconds.
  public func airtime(symbols: Int) -> Double { Double(symbols) / symbolRate }

  /// Throws the first field that is out of range.
  public func validate() throws(LinkConfigurationError) {
    try Self.check("snr-mean-db", snrMeanDB, in: -200...200)
    try Self.check("snr-std-db", snrStdDB, in: 0...100)
    try Self.check("symbol-rate", symbolRate, in: 1...1e12)
    switch fading {
    case .none, .rayleigh: break
    case .rician(let kFactor): try Self.check("rician-k", kFactor, in: 0...1e6)
    case .nakagami(let m): try Self.check("nakagami-m", m, in: 0.5...1e3)
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
