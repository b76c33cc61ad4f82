internal import CRadio

/// The maximum-likelihood decoder of ``ConvolutionalCode`` from soft decisions, made for speed.
///
/// Soft decisions are integers within ±``softLimit`` (29 levels, just under 5 bits: 0.03 dB from unquantised), positive for a code bit of 0;
/// hard decisions are ±1. Bit for bit the same as ``ReferenceViterbi``, ties included.
public enum ViterbiDecoder {
  /// The largest magnitude of a soft decision; larger ones count as this.
  public static let softLimit = Int8(CRADIO_LLR_LIMIT)

  /// Decodes one frame of whole information bytes.
  /// - Parameters:
  ///   - soft: two soft decisions for each of 8 n + 6 stages.
  ///   - information: receives n bytes, the most significant bit first.
  /// - Returns: the cost of the path that survived: the sum of |soft decision| over the code bits in which it contradicts
  ///   the decision's sign.
  @discardableResult
  public static func decode(
    _ soft: UnsafeBufferPointer<Int8>, into information: UnsafeMutableBufferPointer<UInt8>
  ) -> Int {
    decode(soft, into: information, variant: best)
  }

  static let best = cradio_best()

  static func decode(
    _ soft: UnsafeBufferPointer<Int8>, into information: UnsafeMutableBufferPointer<UInt8>, variant: cradio_variant
  ) -> Int {
    let stages = 8 * information.count + ConvolutionalCode.tailBits
    precondition(
      soft.count == 2 * stages, "\(information.count) bytes need \(2 * stages) soft decisions, not \(soft.count)")
    guard let input = soft.baseAddress else { return 0 }
    return withUnsafeTemporaryAllocation(byteCount: cradio_viterbi_workspace(stages), alignment: 64) { workspace in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: cradio_viterbi_output(stages)) { bits in
        guard let ancestors = workspace.baseAddress, let output = bits.baseAddress else { return 0 }
        let cost = cradio_viterbi(variant, input, stages, ancestors.assumingMemoryBound(to: UInt8.self), output)
        _ = information.update(fromContentsOf: bits.prefix(information.count))
        return Int(cost)
      }
    }
  }
}
