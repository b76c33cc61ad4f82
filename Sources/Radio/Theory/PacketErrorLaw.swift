#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The probability that a whole digital message is lost, as a function of its length and the instantaneous SNR.
///
/// A logistic curve in dB through the measured chain (16-QAM, rate-1/2 K = 7 code, soft decisions, one h a message): half of
/// the messages of 1,000 bits are lost at 7.0 dB Es/N0, 1 % at 8.75 dB; of 4,000 bits at 7.6 and 9.3 dB.
public struct PacketErrorLaw: Hashable, Sendable, Codable {
  /// Where half of the messages are lost, dB.
  public let midpointDB: Double
  /// From 50 % to 1 % in 1.75 dB, and the logistic curve needs ln 99 of its units for that.
  public static let scaleDB = 1.75 / log(99)

  /// - Parameter messageBits: before the convolutional code.
  public init(messageBits: Double) {
    midpointDB = 7.0 + 0.3 * log2(messageBits / 1_000)
  }

  /// The probability that a codeword's check fails at an instantaneous SNR in dB.
  public func lossProbability(snrDB: Double) -> Double {
    1 / (1 + exp((snrDB - midpointDB) / Self.scaleDB))
  }

  /// The odds that a message arrives, 10 log10(delivered/lost), dB.
  public func deliveryOdds(snrDB: Double) -> Double {
    10 / log(10) * (snrDB - midpointDB) / Self.scaleDB
  }
}
