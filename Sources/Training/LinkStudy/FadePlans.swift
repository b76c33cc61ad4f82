import Foundation
import Radio

/// How fading goes on in time: autocorrelation, level-crossing rate, average fade duration.
///
/// Time counts in Doppler periods 1/f_d where fading follows speed and carrier. Elsewhere it counts in blocks, which are
/// independent: with F(x) = P(|h|² < x), a level is crossed downwards F (1 - F) times a block, and a fade lasts 1/(1 - F).
struct FadePlans {
  private static let samplesPerPeriod = 400
  private static let periodsPerLink = 25
  private static let blocksPerLink = 2_000

  private let configuration: LinkConfiguration
  private let linkCount: Int

  init(_ configuration: LinkConfiguration, linkCount: Int) {
    self.configuration = configuration
    self.linkCount = linkCount
  }

  /// Nothing where there is no fading, or where it stands still.
  var all: [LinkStudyPlan.Figure] {
    if configuration.fading == .none || configuration.doppler?.frequency == 0 { return [] }
    return [autocorrelation, crossings, fades]
  }

  private var followsTime: Bool { configuration.doppler != nil }
  private var title: String {
    followsTime ? "\(configuration.fading.title), Clarke" : "\(configuration.fading.title), block by block"
  }
  private var unit: String { followsTime ? "Doppler periods" : "blocks" }
  private var rateUnit: String { followsTime ? "a Doppler period" : "a block" }

  private func link(_ number: Int) throws -> SimulatedLink {
    try SimulatedLink(configuration: configuration, id: LinkID(baseStation: UInt32(number), process: 0))
  }

  // MARK: Autocorrelation

  /// Of h against J0 (Clarke, 1968); of |h|² between blocks.
  private var autocorrelation: LinkStudyPlan.Figure {
    let xs = followsTime ? Array(stride(from: 0, through: 3, by: 0.1)) : Array(stride(from: 0, through: 8, by: 1))
    return LinkStudyPlan.Figure(
      name: "autocorrelation", title: "Autocorrelation of \(followsTime ? "h" : "|h|²")", xLabel: unit,
      yLabel: "correlation", isLogarithmic: false,
      curves: [
        LinkStudyPlan.Curve(
          name: title, xs: xs,
          closedForm: { x, _ in followsTime ? Theory.clarkeAutocorrelation(periods: x) : x == 0 ? 1 : 0 },
          measure: { xs, pointIsDone in
            let links = try (0..<10 * linkCount).map(link)
            return xs.map { x in
              defer { pointIsDone() }
              return tally(links.count) { $1.add(correlation(links[$0], lag: x)) }.measured
            }
          })
      ])
  }

  private func correlation(_ link: SimulatedLink, lag: Double) -> Double {
    let starts = 4
    let sum = (0..<starts).reduce(0.0) { sum, start in
      if let now = link.coefficient(at: 1_000 * Double(start)),
        let later = link.coefficient(at: 1_000 * Double(start) + lag)
      {
        return sum + (now * later).sum()
      }
      func power(_ block: UInt64) -> Double {
        let h = Double(link.state(ofBlock: block).h)
        return h * h - 1
      }
      return sum + power(UInt64(start) * 100) * power(UInt64(start) * 100 + UInt64(lag))
        / Theory.powerVariance(configuration.fading)
    }
    return sum / Double(starts)
  }

  // MARK: Levels

  private static let levels = Array(stride(from: -25.0, through: 5, by: 2.5))

  private var crossings: LinkStudyPlan.Figure {
    figure("crossings", "Level-crossing rate", "crossings \(rateUnit)") { link in
      let mean = Double(link.falls) / Double(followsTime ? Self.periodsPerLink : Self.blocksPerLink)
      return (mean, 1)
    } closedForm: {
      crossingRate($0)
    }
  }

  private var fades: LinkStudyPlan.Figure {
    figure("fades", "Average fade duration", "\(unit)") { link in
      (Double(link.below) / (followsTime ? Double(Self.samplesPerPeriod) : 1), Double(link.falls))
    } closedForm: { level in
      crossingRate(level).map {
        Theory.powerDistribution(configuration.fading, below: Theory.ratio(decibels: level)) / $0
      }
    }
  }

  private func crossingRate(_ levelDB: Double) -> Double? {
    if followsTime {
      switch configuration.fading {
      case .rayleigh: return Theory.levelCrossingRate(levelDB: levelDB)
      case .rician(let k): return k > 1_000 ? nil : Theory.levelCrossingRate(levelDB: levelDB, kFactor: k)
      case .none, .nakagami: return nil
      }
    }
    let below = Theory.powerDistribution(configuration.fading, below: Theory.ratio(decibels: levelDB))
    return below * (1 - below)
  }

  /// What one link's run says about one level.
  private struct Passage {
    var falls = 0
    /// Samples below the level.
    var below = 0
  }

  /// A figure over levels: the sum of one quantity over links, divided by that of another.
  private func figure(
    _ name: String, _ title: String, _ yLabel: String, _ ratio: @escaping (Passage) -> (Double, Double),
    closedForm: @escaping (Double) -> Double?
  ) -> LinkStudyPlan.Figure {
    LinkStudyPlan.Figure(
      name: name, title: title, xLabel: "level relative to rms (dB)", yLabel: yLabel,
      curves: [
        LinkStudyPlan.Curve(
          name: self.title, xs: Self.levels, closedForm: { x, _ in closedForm(x) },
          measure: { xs, pointIsDone in
            let links = try (0..<linkCount).map(link)
            let passages = parallelMap(links.count) { self.passages(links[$0], xs) }
            return xs.indices.map { level in
              defer { pointIsDone() }
              return quotient(passages.map { ratio($0[level]) })
            }
          })
      ])
  }

  private func passages(_ link: SimulatedLink, _ levels: [Double]) -> [Passage] {
    let powers: [Double]
    if followsTime {
      powers = (0...Self.samplesPerPeriod * Self.periodsPerLink).compactMap { sample in
        link.coefficient(at: Double(sample) / Double(Self.samplesPerPeriod)).map { ($0 * $0).sum() }
      }
    } else {
      powers = (0...Self.blocksPerLink).map { block in
        let h = Double(link.state(ofBlock: UInt64(block)).h)
        return h * h
      }
    }
    return levels.map { level in
      let limit = Theory.ratio(decibels: level)
      return zip(powers, powers.dropFirst()).reduce(into: Passage()) { passage, pair in
        if pair.0 < limit { passage.below += 1 }
        if pair.0 >= limit, pair.1 < limit { passage.falls += 1 }
      }
    }
  }

  /// Σ a/Σ b, with the standard error of a ratio of sums (linearised).
  private func quotient(_ pairs: [(Double, Double)]) -> Measured {
    let n = Double(pairs.count)
    let (a, b) = pairs.reduce((0.0, 0.0)) { ($0.0 + $1.0, $0.1 + $1.1) }
    guard b > 0 else { return Measured(mean: 0, standardError: 0, samples: 0) }
    let mean = a / b
    let squares = pairs.reduce(0.0) { $0 + ($1.0 - mean * $1.1) * ($1.0 - mean * $1.1) }
    return Measured(
      mean: mean, standardError: (squares / n / n).squareRoot() / (b / n), samples: pairs.count)
  }
}
