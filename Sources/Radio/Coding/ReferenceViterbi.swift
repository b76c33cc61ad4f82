/// Viterbi's algorithm for ``ConvolutionalCode``, written plainly: what ``ViterbiDecoder`` must equal, and easier to vary.
public enum ReferenceViterbi {
  /// Decodes one frame; parameters and result as in ``ViterbiDecoder/decode(_:into:)``, for any number of bits.
  /// - Parameter soft: two soft decisions a stage, of any magnitude; nothing is clamped.
  /// - Returns: the information bits without the tail, and the surviving path's cost.
  public static func decode(_ soft: [Int]) -> (bits: [UInt8], cost: Int) {
    let stages = soft.count / 2
    precondition(
      soft.count % 2 == 0 && stages >= ConvolutionalCode.tailBits, "a frame has two decisions a stage and a tail")
    let unreached = Int.max / 2
    // A state is the last six bits, the newest lowest; every frame begins in state 0.
    var metrics = [Int](repeating: unreached, count: 64)
    metrics[0] = 0
    var oldestBits: [[UInt8]] = []

    for t in 0..<stages {
      let (first, second) = (soft[2 * t], soft[2 * t + 1])
      var next = metrics
      var oldest = [UInt8](repeating: 0, count: 64)
      for state in 0..<64 {
        let cost0 = metrics[state >> 1] + branchCost(register: state, first, second)
        let cost1 = metrics[state >> 1 | 32] + branchCost(register: state | 64, first, second)
        oldest[state] = cost1 < cost0 ? 1 : 0
        next[state] = min(cost0, cost1)
      }
      metrics = next
      oldestBits.append(oldest)
    }

    var bits = [UInt8](repeating: 0, count: stages)
    var state = 0
    for t in (0..<stages).reversed() {
      bits[t] = UInt8(state & 1)
      state = state >> 1 | Int(oldestBits[t][state]) << 5
    }
    return (Array(bits.dropLast(ConvolutionalCode.tailBits)), metrics[0])
  }

  /// The cost of a branch; bit k of `register` is the bit k stages ago.
  private static func branchCost(register: Int, _ first: Int, _ second: Int) -> Int {
    penalty(first, outputs[register].first) + penalty(second, outputs[register].second)
  }

  /// What it costs to send `bit` where `soft` speaks for the other one.
  private static func penalty(_ soft: Int, _ bit: Int) -> Int {
    max(0, bit == 0 ? -soft : soft)
  }

  /// The outputs of 133 and 171 for each register.
  private static let outputs = (0..<128).map { register in
    (first: (register & 0b110_1101).nonzeroBitCount & 1, second: (register & 0b100_1111).nonzeroBitCount & 1)
  }
}
