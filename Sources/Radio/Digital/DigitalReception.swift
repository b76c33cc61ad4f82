/// What an expert does with a latent that the air has damaged beyond its code.
public enum DecodeFailurePolicy: UInt8, Sendable, Hashable, Codable, CaseIterable {
  /// Report the failure: the base station asks the next-best expert.
  case redispatch = 0
  /// Infer from the training mean.
  case erasure = 1
  /// Infer from whatever was decoded, as the paper does.
  case raw = 2

  public var name: String {
    switch self {
    case .redispatch: "redispatch"
    case .erasure: "erasure"
    case .raw: "raw"
    }
  }
}

extension DecodeFailurePolicy: NamedCase {}

/// What became of one digital message, step by step.
public struct DigitalReception: Hashable, Sendable {
  /// The outcome for the latents.
  public enum Outcome: UInt8, Sendable, Hashable {
    /// The check holds: the latents are those that were sent, up to quantisation.
    case delivered = 0
    /// The check failed and nothing was written (policy `redispatch`).
    case lost = 1
    /// The check failed and the latents are the training mean (policy `erasure`).
    case erased = 2
    /// The check failed and the latents are what came (policy `raw`).
    case damaged = 3
  }

  public let outcome: Outcome
  /// The block's state.
  public let state: BlockState
  /// Bits of the quantised vector: 8 N_F.
  public let valueBits: Int
  /// Bits of the codeword: source-coded values, range, check, padding.
  public let informationBits: Int
  /// Bits after convolutional coding, tail included: those on air.
  public let codedBits: Int
  /// 16-QAM symbols on air.
  public let symbols: Int
  /// Code bits that a hard demodulator got wrong.
  public let channelBitErrors: Int
  /// Codeword bits that are wrong after decoding.
  public let informationBitErrors: Int
  /// Time on air, in seconds.
  public let airtime: Double
}
