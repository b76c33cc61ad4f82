package import Tensors

/// What the base station knows of one expert's link for one block.
package enum LinkState: Hashable, Sendable {
  /// The link does not distort.
  case ideal
  /// Instantaneous SNR |h|²/σ² of the carried block, dB (Es/N0 of the complex symbol).
  case known(snrDB: Float)
  /// No report yet, or the expert is down.
  case unknown
}

/// How a gate sees a link: the instantaneous SNR in dB, clipped and scaled to about [-1, 1].
///
/// The paper feeds σ~ itself; it spans eleven decades under the paper's law, which a small MLP cannot use. σ~ = σ/(p|h|) and p is
/// constant, so the SNR in dB is -20 log10 σ~ up to a constant: the same information on a usable scale.
package struct LinkEncoding: Hashable, Sendable, Codable {
  /// Below it every link is as useless as a link that is down.
  package var floorDB: Float = -20
  /// Above it every link is as good as ideal.
  package var ceilingDB: Float = 30
  package var scaleDB: Float = 25
  package var offset: Float = -0.2

  package init() {}

  /// clip(SNR dB, floor, ceiling)/scale + offset; unknown is the lowest value, ideal the highest.
  package func callAsFunction(_ state: LinkState) -> Float {
    let snrDB: Float =
      switch state {
      case .ideal: ceilingDB
      case .unknown: floorDB
      case .known(let snrDB) where snrDB.isNaN: floorDB
      case .known(let snrDB): min(max(snrDB, floorDB), ceilingDB)
      }
    return snrDB / scaleDB + offset
  }

  /// The link states of a batch as a gate takes them, `[n, K]`; experts that are not eligible count as unknown.
  package func encode(_ links: [LinkState], eligible: [ExpertSet], expertCount: Int) -> Tensor {
    Tensor([eligible.count, expertCount]) { codes in
      for i in codes.indices {
        codes[i] = self(eligible[i / expertCount].contains(expert: i % expertCount) ? links[i] : .unknown)
      }
    }
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
