import Radio
import Testing

struct PowerLawTests {
  static let powers = [0.001, 0.1, 0.5, 1, 2, 5.0]

  @Test func `special cases agree with the plain formulas`() {
    for x in Self.powers {
      let rayleigh = Theory.rayleighOutage(powerRatio: x)
      for law in [Fading.rayleigh, .rician(kFactor: 0), .nakagami(m: 1)] {
        #expect(abs(Theory.powerDistribution(law, below: x) - rayleigh) < 1e-13)
      }
      // Gamma(2, 1/2): 1 - (1 + 2 x) e^{-2 x}.
      let two = Theory.powerDistribution(.nakagami(m: 2), below: x)
      #expect(
        abs(two - (Theory.rayleighOutage(powerRatio: 2 * x) - 2 * x * (1 - Theory.rayleighOutage(powerRatio: 2 * x))))
          < 1e-13)
    }
    for dB in [0.0, 10, 20, 30] {
      let ratio = Theory.ratio(decibels: dB)
      let gaussian = Theory.qam16BitErrorRate(esN0: ratio)
      #expect(abs(Theory.qam16BitErrorRate(meanEsN0: ratio, fading: .none) - gaussian) < 1e-12)
      let rayleigh = Theory.qam16RayleighBitErrorRate(meanEsN0: ratio)
      for law in [Fading.rayleigh, .rician(kFactor: 0), .nakagami(m: 1)] {
        #expect(abs(Theory.qam16BitErrorRate(meanEsN0: ratio, fading: law) - rayleigh) < 1e-12)
      }
    }
    for level in [-20.0, -10, 0] {
      #expect(
        abs(Theory.levelCrossingRate(levelDB: level, kFactor: 0) - Theory.levelCrossingRate(levelDB: level)) < 1e-12)
    }
  }

  /// Marcum's Q1(sqrt(2 K), sqrt(2 (K + 1) x)) and the incomplete gamma function by SciPy: 1 - ncx2.cdf and gamma.cdf.
  @Test(arguments: [
    (Fading.rician(kFactor: 3), 0.1, 0.0275677223463), (.rician(kFactor: 3), 1, 0.573092443539),
    (.rician(kFactor: 100), 0.8, 0.0711547021066),
    (.nakagami(m: 0.7), 0.2, 0.262568501635), (.nakagami(m: 50), 1.1, 0.767795219499),
  ])
  func `distributions are SciPy's`(law: Fading, x: Double, reference: Double) {
    #expect(abs(Theory.powerDistribution(law, below: x) - reference) < 1e-10)
  }

  @Test func `the largest parameters are computed in bounded time`() {
    #expect(abs(Theory.powerDistribution(.rician(kFactor: 1e6), below: 1) - 0.5) < 1e-3)
    #expect(abs(Theory.powerDistribution(.nakagami(m: 1e3), below: 1) - 0.5) < 1e-2)
  }

  @Test(arguments: [Fading.rayleigh, .rician(kFactor: 5), .nakagami(m: 0.7), .nakagami(m: 4)])
  func `simulated fading follows its distribution`(law: Fading) throws {
    let configuration = LinkConfiguration(snrMeanDB: 0, snrStdDB: 0, fading: law, seed: 121)
    let link = try SimulatedLink(configuration: configuration, id: LinkID(baseStation: 0, process: 0))
    let powers = (0..<100_000 as Range<UInt64>).map { block in
      let h = Double(link.state(ofBlock: block).h)
      return h * h
    }
    for x in [0.05, 0.2, 0.7, 1, 1.5, 3] {
      var share = Estimate()
      for power in powers { share.add(power < x ? 1 : 0) }
      #expect(share.z(from: Theory.powerDistribution(law, below: x)) < 3.5, "\(x): \(share.mean)")
    }
  }
}
