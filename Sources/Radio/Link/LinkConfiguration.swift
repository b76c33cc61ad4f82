/// Everything that a simulated link's states depend on besides its identity.
///
/// Defaults are the paper's: SNR ~ N(30, 50²) dB before fading, Rayleigh block fading, exact and immediate feedback.
public struct LinkConfiguration: Sendable, Hashable, Codable {
  /// Where a block's SNR comes from, in dB (Es/N0).
  public var snr: SNRLaw
  /// Whether `snr` speaks of the link before fading or after it.
  public var snrReference: SNRReference
  /// The law of |h|; E|h|² = 1.
  public var fading: Fading
  /// Makes fading follow time; nil draws h anew for every block.
  public var doppler: Doppler?
  /// Transmitters that share the channel; nil: none.
  public var interference: Interference?
  /// What is lost on the way of channel reports.
  public var feedback: ChannelFeedback
  /// A block's duration (the coherence time) in seconds.
  public var blockDuration: Double
  /// Complex symbols a second.
  public var symbolRate: Double
  /// Keys all randomness of the link, with its ``LinkID`` and the block.
  public var seed: UInt64

  public init(
    snr: SNRLaw, snrReference: SNRReference = .preFading, fading: Fading = .rayleigh, doppler: Doppler? = nil,
    interference: Interference? = nil, feedback: ChannelFeedback = .perfect, blockDuration: Double = 0.05,
    symbolRate: Double = 1e6, seed: UInt64 = 0
  ) {
    self.snr = snr
    self.snrReference = snrReference
    self.fading = fading
    self.doppler = doppler
    self.interference = interference
    self.feedback = feedback
    self.blockDuration = blockDuration
    self.symbolRate = symbolRate
    self.seed = seed
  }

  /// A link whose SNR is normal in dB.
  public init(
    snrMeanDB: Double = 30, snrStdDB: Double = 50, snrReference: SNRReference = .preFading,
    fading: Fading = .rayleigh, symbolRate: Double = 1e6, seed: UInt64 = 0
  ) {
    self.init(
      snr: .normal(meanDB: snrMeanDB, stdDB: snrStdDB), snrReference: snrReference, fading: fading,
      symbolRate: symbolRate, seed: seed)
  }

  /// Mean of a normal law, in dB; nil where the SNR follows no such law. Setting it makes the law normal.
  public var snrMeanDB: Double? {
    get { if case .normal(let mean, _) = snr { mean } else { nil } }
    set { snr = .normal(meanDB: newValue ?? 30, stdDB: snrStdDB ?? 50) }
  }

  /// Standard deviation of a normal law, in dB; nil where the SNR follows no such law. Setting it makes the law normal.
  public var snrStdDB: Double? {
    get { if case .normal(_, let std) = snr { std } else { nil } }
    set { snr = .normal(meanDB: snrMeanDB ?? 30, stdDB: newValue ?? 50) }
  }

  /// Whether what a link is like in one block tells of other blocks: a device has a place, fading and interference last.
  package var hasMemory: Bool {
    if doppler != nil || interference.map({ $0.burst > 1 }) == true { return true }
    if case .blocks = feedback.ageing { return true }
    if case .normal = snr { return false }
    return true
  }

  /// How long `symbols` take, in seconds.
  public func airtime(symbols: Int) -> Double { Double(symbols) / symbolRate }
}
