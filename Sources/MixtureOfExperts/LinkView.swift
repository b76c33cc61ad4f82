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
        for k in 0..<K {
          let link = eligible[row].contains(expert: k) ? links[row * K + k] : .unknown
          let code = row * width + k
          switch encoding {
          case .decibels, .distortion, .power:
            codes[code] = encoding(law.map(link.seen) ?? link)
          case .compared(let floor, _, let scale, _, let bestCeiling, _):
            codes[code] = encoding(link)
            codes[code + K] = law.map { encoding(link.seen(through: $0)) } ?? 0
            codes[code + 2 * K] = min(max(link.worth, floor), bestCeiling) / scale
          }
        }
        if case .compared(_, _, let scale, _, _, let reach) = encoding {
          let heights = row * width + 2 * K..<(row + 1) * width
          let best = codes[heights].max() ?? 0
          for code in heights { codes[code] = max(codes[code] - best, -reach / scale) }
        }
      }
    }
  }
}

extension ModelDescription {
  package var linkView: LinkView {
    LinkView(linkEncoding, packetErrors: packetErrors, expertCount: expertCount)
  }
}
