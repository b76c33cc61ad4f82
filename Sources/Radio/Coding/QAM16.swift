internal import CRadio

/// 16-QAM with Gray labels: four bits a symbol, each of its two real dimensions one of the levels -3, -1, 1, 3.
///
/// A dimension carries two successive code bits, sign and magnitude: 00 is +1, 01 is +3, 10 is -1, 11 is -3. Levels are
/// counted in units of half the distance between neighbours, d = sqrt(Es/10); with Es = 1 the noise per real dimension
/// has variance N0/2 = 1/(2 Es/N0), which is 5/(Es/N0) in these units.
public enum QAM16 {
  /// Standard deviation of the noise per real dimension, in units of half the distance between levels.
  /// - Parameter sigma: 1/sqrt(Es/N0), where Es/N0 is a ratio (not dB).
  public static func noiseSigma(relative sigma: Float) -> Float { sigma * (5 as Float).squareRoot() }

  /// One level for every two code bits.
  public static func modulate(_ code: UnsafeRawBufferPointer, into levels: UnsafeMutableBufferPointer<Float>) {
    precondition(
      levels.count <= 4 * code.count, "\(code.count) bytes make \(4 * code.count) levels, not \(levels.count)")
    guard let base = levels.baseAddress else { return }
    table.withUnsafeBufferPointer { table in
      let whole = levels.count / 4
      for i in 0..<whole {
        UnsafeMutableRawPointer(base + 4 * i).storeBytes(of: table[Int(code[i])], as: SIMD4<Float>.self)
      }
      for i in (4 * whole)..<levels.count { levels[i] = table[Int(code[whole])][i - 4 * whole] }
    }
  }

  /// Soft decisions for a Viterbi decoder: max-log likelihood ratios to a common scale, two for each received level.
  /// - Parameters:
  ///   - received: levels after equalisation.
  ///   - sent: the levels that were sent, to count errors.
  ///   - soft: receives 2 × `received.count` integers, positive for 0.
  /// - Returns: how many hard decisions are wrong.
  public static func demodulate(
    _ received: UnsafeBufferPointer<Float>, sent: UnsafeBufferPointer<Float>, decisions: Decisions,
    into soft: UnsafeMutableBufferPointer<Int8>
  ) -> Int {
    precondition(sent.count == received.count && soft.count == 2 * received.count, "two decisions a level")
    guard let received = received.baseAddress, let levels = sent.baseAddress, let output = soft.baseAddress else {
      return 0
    }
    switch decisions {
    case .soft: return cradio_demap(received, levels, sent.count, softScale, Float(ViterbiDecoder.softLimit), output)
    case .hard: return cradio_demap(received, levels, sent.count, .greatestFiniteMagnitude, 1, output)
    }
  }

  /// Steps of the soft decision per unit of the likelihood ratio; from 4.5 to 6 the packet error rate is the same.
  static let softScale: Float = 5

  private static let table: [SIMD4<Float>] = (0..<256).map { byte in
    SIMD4((0..<4).map { k in [1, 3, -1, -3][byte >> (6 - 2 * k) & 3] })
  }
}

/// What a demodulator tells the decoder about each code bit.
public enum Decisions: UInt8, Sendable, Hashable, Codable, CaseIterable {
  /// How likely 0 is against 1, in integer steps.
  case soft = 0
  /// Only which of both is likelier.
  case hard = 1

  public var name: String {
    switch self {
    case .soft: "soft"
    case .hard: "hard"
    }
  }
}

extension Decisions: NamedCase {}
