import Foundation
import Radio

/// The law of the instantaneous SNR, over links and blocks.
struct SNRPlans {
  private static let blocksPerLink = 50

  private let configuration: LinkConfiguration
  /// Instantaneous SNRs in dB, sorted, one list a link.
  private let links: [[Double]]
  private let law: ConditionalLaw?
  private let range: ClosedRange<Double>

  init(_ configuration: LinkConfiguration, linkCount: Int) throws {
    self.configuration = configuration
    let states = try (0..<linkCount).map { number in
      // Links of different base stations, and blocks of different anchors: independent as far as the scenario goes.
      let link = try SimulatedLink(
        configuration: configuration, id: LinkID(baseStation: UInt32(number), process: UInt32(number % 8)))
      return (0..<Self.blocksPerLink).map { link.state(ofBlock: UInt64($0) * 1_031) }
    }
    links = states.map { $0.map { Double($0.snrDB) }.sorted() }
    law = ConditionalLaw(configuration, drawn: states.joined())
    let sorted = links.joined().sorted()
    let low = sorted[sorted.count / 500]
    let high = sorted[sorted.count - 1 - sorted.count / 500]
    range = (low / 5).rounded(.down) * 5...max((high / 5).rounded(.up), (low / 5).rounded(.down) + 1) * 5
  }

  private var step: Double { max(1, ((range.upperBound - range.lowerBound) / 40).rounded(.up)) }
  private var xs: [Double] { Array(stride(from: range.lowerBound, through: range.upperBound, by: step)) }

  /// P(SNR < x).
  var distribution: LinkStudyPlan.Figure {
    LinkStudyPlan.Figure(
      name: "snr", title: "Instantaneous SNR: distribution", xLabel: "SNR (dB)", yLabel: "P(SNR < x)",
      curves: [
        LinkStudyPlan.Curve(
          name: "scenario", xs: xs, closedForm: { x, _ in law?.below(x) },
          measure: { xs, pointIsDone in measure(xs, pointIsDone) { $0.count(below: $1) } })
      ])
  }

  /// The share of SNRs within a bin around x, per dB.
  var density: LinkStudyPlan.Figure {
    let half = step / 2
    return LinkStudyPlan.Figure(
      name: "snr-density", title: "Instantaneous SNR: density", xLabel: "SNR (dB)", yLabel: "per dB",
      isLogarithmic: false,
      curves: [
        LinkStudyPlan.Curve(
          name: "scenario", xs: xs,
          closedForm: { x, _ in law.map { ($0.below(x + half) - $0.below(x - half)) / step } },
          measure: { xs, pointIsDone in
            measure(xs, pointIsDone) { ($0.count(below: $1 + half) - $0.count(below: $1 - half)) / step }
          })
      ])
  }

  /// Shares of a link's blocks; a link is one sample, for its blocks may hang together.
  private func measure(
    _ xs: [Double], _ pointIsDone: () -> Void, _ count: (_ snrs: [Double], _ x: Double) -> Double
  ) -> [Measured] {
    xs.map { x in
      defer { pointIsDone() }
      return links.reduce(into: Tally()) { $0.add(count($1, x) / Double(Self.blocksPerLink)) }.measured
    }
  }
}

extension [Double] {
  /// How many of these sorted numbers lie below x.
  fileprivate func count(below x: Double) -> Double {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < x { low = middle + 1 } else { high = middle }
    }
    return Double(low)
  }
}

/// P(SNR < x) as a mean of the fading's law over what it multiplies: the SNR before fading.
///
/// Where that one is normal in dB and nothing interferes, the mean is an integral, and the result exact. Elsewhere the SNRs
/// before fading are those that were drawn, and only the fading's part is in closed form.
private struct ConditionalLaw {
  /// SNRs before fading in dB, and how much each counts.
  private let parts: [(snrDB: Double, weight: Double)]
  /// P(10 log10 |h|² < x) for x = -80, -79.9 … 20.
  private let fading: [Double]

  /// Nil where no part of the SNR has a closed form.
  init?(_ configuration: LinkConfiguration, drawn states: some Collection<BlockState>) {
    let fading = configuration.snrReference == .preFading ? configuration.fading : .none
    if case .rician(let k) = fading, k > 1_000 { return nil }
    if case .normal(let mean, let std) = configuration.snr, configuration.interference == nil {
      parts =
        std == 0
        ? [(mean, 1)]
        : stride(from: -8.0, through: 8, by: 0.01).map { (u: Double) -> (snrDB: Double, weight: Double) in
          let density = exp(-u * u / 2) / (2 * Double.pi).squareRoot()
          return (mean + std * u, 0.01 * density)
        }
    } else {
      guard fading != .none else { return nil }
      let weight = 1 / Double(states.count)
      parts = states.map { (Double($0.snrDB) - 20 * log10(Double($0.h)), weight) }
    }
    self.fading = (0...1_000).map {
      Theory.powerDistribution(fading, below: Theory.ratio(decibels: -80 + Double($0) / 10))
    }
  }

  func below(_ x: Double) -> Double {
    parts.reduce(0) { $0 + $1.weight * faded(x - $1.snrDB) }
  }

  private func faded(_ x: Double) -> Double {
    let place = (x + 80) * 10
    guard place > 0 else { return 0 }
    guard place < 1_000 else { return 1 }
    let index = Int(place)
    return fading[index] + (place - Double(index)) * (fading[index + 1] - fading[index])
  }
}
