import Foundation
package import Radio

/// What the base station knows of one expert's link for one block.
package enum LinkState: Hashable, Sendable {
  /// The link does not distort.
  case ideal
  /// Instantaneous SNR |h|²/σ² of the carried block, dB (Es/N0 of the complex symbol).
  case known(snrDB: Float)
  /// No report yet, or the expert is down.
  case unknown
}

/// How a gate sees a link.
package enum LinkEncoding: Hashable, Sendable, Codable {
  /// clip(SNR dB, floor, ceiling)/scale + offset, the instantaneous SNR on a scale of about [-1, 1].
  ///
  /// The paper's σ~ spans eleven decades under the paper's law, which a small MLP cannot use. σ~ = σ/(p|h|) and p is constant, so
  /// the SNR in dB is -20 log10 σ~ up to a constant: the same information on a usable scale.
  case decibels(floor: Float, ceiling: Float, scale: Float, offset: Float)

  /// σ~ = 1/(p √SNR) as it stands in eq. 7, at most `ceiling`.
  case distortion(powerScaling: Float, ceiling: Float)

  /// The SNR as a ratio of powers, of that at the ceiling (dB), at most 1: what happens where no logarithm is taken.
  case power(ceiling: Float)

  /// Three numbers a link: its SNR as `decibels` has it; the odds of delivery on the same scale if the link is digital, or 0;
  /// and how many dB its SNR lies below the best eligible link's, up to `reach` and over `scale`, both taken up to `bestCeiling`.
  ///
  /// By the last, links can be told apart that are all good or all bad: where reports are old or coarse, the best of several bad
  /// ones is worth more than its own number tells.
  case compared(floor: Float, ceiling: Float, scale: Float, offset: Float, bestCeiling: Float, reach: Float)

  package static let standard = LinkEncoding.decibels(floor: -20, ceiling: 30, scale: 25, offset: -0.2)
  package static let compared = LinkEncoding.compared(
    floor: -20, ceiling: 30, scale: 25, offset: -0.2, bestCeiling: 40, reach: 30)

  /// How many numbers a gate is told of each link.
  package var numbersPerLink: Int {
    if case .compared = self { 3 } else { 1 }
  }

  /// What is wrong with its numbers, if they come from a file.
  var violation: String? {
    let (numbers, steps): ([Float], [Float]) =
      switch self {
      case .decibels(let floor, let ceiling, let scale, let offset):
        ([floor, ceiling, offset], [ceiling - floor, scale])
      case .distortion(let p, let ceiling): ([], [p, ceiling])
      case .power(let ceiling): ([ceiling], [])
      case .compared(let floor, let ceiling, let scale, let offset, let bestCeiling, let reach):
        ([floor, ceiling, offset, bestCeiling], [ceiling - floor, bestCeiling - floor, scale, reach])
      }
    guard (numbers + steps).allSatisfy(\.isFinite), steps.allSatisfy({ $0 > 0 }) else {
      return "linkEncoding: expected finite numbers, scales above 0 and ceilings above floors, received \(self)"
    }
    return nil
  }

  /// The number, or the first one, that stands for a link. An unknown link looks like the worst one, an ideal link like the best.
  package func callAsFunction(_ state: LinkState) -> Float {
    switch self {
    case .decibels(let floor, let ceiling, let scale, let offset),
      .compared(let floor, let ceiling, let scale, let offset, _, _):
      min(max(state.worth, floor), ceiling) / scale + offset
    case .distortion(let p, let ceiling):
      min(powf(10, -state.worth / 20) / p, ceiling)
    case .power(let ceiling):
      powf(10, min(state.worth - ceiling, 0) / 10)
    }
  }
}

extension LinkState {
  /// The link as a gate is told of it if it is digital: by the odds of delivery in dB in the place of the SNR.
  ///
  /// A message arrives whole or not at all, within 2 dB of SNR. On the scale of the odds a digital link harms about as much
  /// as an analog one of that SNR: at 0 dB every other message is lost, at 20 dB one in a hundred.
  package func seen(through packetErrors: PacketErrorLaw) -> LinkState {
    guard case .known(let snrDB) = self else { return self }
    return .known(snrDB: Float(packetErrors.deliveryOdds(snrDB: Double(snrDB))))
  }
}

extension LinkState: Comparable {
  /// Links by worth: an unknown one below all, the ideal one above all.
  package static func < (a: LinkState, b: LinkState) -> Bool { a.worth < b.worth }

  /// What orders links, dB.
  var worth: Float {
    switch self {
    case .ideal: .infinity
    case .known(let snrDB): snrDB.isNaN ? -.greatestFiniteMagnitude : snrDB
    case .unknown: -.infinity
    }
  }
}
