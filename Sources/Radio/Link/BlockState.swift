/// The two ends of a link: which base station sends and which expert process receives. Keys the link's randomness.
public struct LinkID: Hashable, Sendable, Codable {
  /// The base station's number.
  public let baseStation: UInt32
  /// The expert process's number.
  public let process: UInt32

  public init(baseStation: UInt32, process: UInt32) {
    self.baseStation = baseStation
    self.process = process
  }
}

/// What a link is like during one block.
public struct BlockState: Hashable, Sendable, Codable {
  /// |h|.
  public let h: Float
  /// Standard deviation of noise (and interference) per real dimension of a unit-power signal.
  public let sigma: Float
  /// The instantaneous SNR, 10 log10(|h|²/sigma²), in dB; Es/N0 of a complex symbol.
  public let snrDB: Float

  public init(h: Float, sigma: Float, snrDB: Float) {
    self.h = h
    self.sigma = sigma
    self.snrDB = snrDB
  }

  /// sigma~ = sigma/(p |h|): standard deviation of the noise that equalisation leaves on every latent (after eq. 6).
  public func distortionSigma(powerScaling p: Float) -> Float {
    sigma / (p * h)
  }
}
