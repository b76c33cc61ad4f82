import Foundation

/// The probability that a whole digital message is lost, as a function of its length and the instantaneous SNR.
///
/// A logistic curve in dB through the measured chain (16-QAM, rate-1/2 K = 7 code, soft decisions, one h a message): half of
/// the messages of 1,000 bits are lost at 7.0 dB Es/N0, 1 % at 8.75 dB; of 4,000 bits at 7.6 and 9.3 dB.
package struct PacketErrorLaw: Hashable, Sendable {
  /// Where half of the messages are lost, dB.
  package let midpointDB: Double
  /// From 50 % to 1 % in 1.75 dB, and the logistic curve needs ln 99 of its units for that.
  package static let scaleDB = 1.75 / log(99)

  package init(messageBits: Double) {
    midpointDB = 7.0 + 0.3 * log2(messageBits / 1_000)
  }

  package func lossProbability(snrDB: Double) -> Double {
    1 / (1 + exp((snrDB - midpointDB) / Self.scaleDB))
  }
}
