package import Radio
package import Tensors

/// How a model's channel-aware gate sees links: what the base station knows of them, as numbers.
package struct LinkView: Sendable {
  package let encoding: LinkEncoding
  /// The law by whose odds of delivery digital links are seen; nil: by their SNR, as analog ones.
  package let packetErrors: PacketErrorLaw?
  package let expertCount: Int

  package init(_ encoding: LinkEncoding, packetErrors: PacketErrorLaw?, expertCount: Int) {
    self.encoding = encoding
    self.packetErrors = packetErrors
    self.expertCount = expertCount
  }

  /// The links of a batch as the gate takes them, `[n, C K]`: of all K links the first number, of all the second, and so on.
  ///
  /// - Parameters:
  ///   - links: what is known of every link, `[n, K]` row by row.
  ///   - eligible: for every row the experts that may be chosen; all others count as unknown.
  ///   - isDigital: for every row whether its links are digital.
  package func callAsFunction(_ links: [LinkState], eligible: [ExpertSet], isDigital: [Bool]) -> Tensor {
    let (K, width) = (expertCount, expertCount * encoding.numbersPerLink)
    return Tensor([eligible.count, width]) { codes in
      for row in eligible.indices {
        let law = isDigital[row] ? packetErrors : nil
        let states = (0..<K).map { eligible[row].contains(expert: $0) ? links[row * K + $0] : .unknown }
        let odds = law.map { law in states.map { encoding($0.seen(through: law)) } }
        let numbers =
          switch encoding {
          case .decibels, .distortion, .power: odds ?? states.map { encoding($0) }
          case .compared(let floor, _, let scale, _, let bestCeiling, let reach):
            states.map { encoding($0) } + (odds ?? [Float](repeating: 0, count: K))
              + Self.heights(states.map { min(max($0.worth, floor), bestCeiling) / scale }, reach: reach / scale)
          }
        _ = codes[row * width..<(row + 1) * width].update(fromContentsOf: numbers)
      }
    }
  }

  /// How far each is below the greatest, `reach` at most: -reach...0.
  private static func heights(_ values: [Float], reach: Float) -> [Float] {
    let best = values.max() ?? 0
    return values.map { max($0 - best, -reach) }
  }
}

extension ModelDescription {
  package var linkView: LinkView {
    LinkView(linkEncoding, packetErrors: packetErrors, expertCount: expertCount)
  }
}
