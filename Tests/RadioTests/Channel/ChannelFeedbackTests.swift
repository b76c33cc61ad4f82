import Foundation
import Radio
import Testing

struct ChannelFeedbackTests {
  @Test func `perfect feedback reports the state and impairments do not touch it`() throws {
    let perfect = try link(.perfect)
    let poor = try link(ChannelFeedback(errorStdDB: 3, ageing: .blocks(2), bits: 2))
    for block in 0..<200 as Range<UInt64> {
      #expect(perfect.reportedSNRDB(ofBlock: block) == perfect.state(ofBlock: block).snrDB)
      #expect(poor.state(ofBlock: block) == perfect.state(ofBlock: block))
    }
  }

  @Test func `an error has its standard deviation and replays`() throws {
    let noisy = try link(ChannelFeedback(errorStdDB: 2.5))
    var (mean, square) = (Estimate(), Estimate())
    for block in 0..<50_000 as Range<UInt64> {
      let error = Double(noisy.reportedSNRDB(ofBlock: block) - noisy.state(ofBlock: block).snrDB)
      mean.add(error)
      square.add(error * error)
    }
    #expect(mean.z(from: 0) < 3.5 && square.z(from: 6.25) < 3.5)
    #expect(noisy.reportedSNRDB(ofBlock: 7) == noisy.reportedSNRDB(ofBlock: 7))
  }

  @Test func `a late report describes an earlier block`() throws {
    let late = try link(ChannelFeedback(ageing: .blocks(3)))
    for block in 0..<100 as Range<UInt64> {
      #expect(late.reportedSNRDB(ofBlock: block) == late.state(ofBlock: block < 3 ? 0 : block - 3).snrDB)
    }
  }

  @Test(
    arguments: [
      .rayleigh, .rician(kFactor: 0), .rician(kFactor: 4), .nakagami(m: 0.5), .nakagami(m: 0.7), .nakagami(m: 3),
    ] as [Fading], [0.0, 0.6425, 0.95, 1])
  func `outdated fading keeps its law and correlates by rho`(fading: Fading, rho: Double) throws {
    let configuration = LinkConfiguration(
      snr: .normal(meanDB: 0, stdDB: 0), fading: fading, feedback: ChannelFeedback(ageing: .correlation(rho)), seed: 142
    )
    let link = try SimulatedLink(configuration: configuration, id: LinkID(baseStation: 1, process: 1))
    var (mean, variance, covariance, below) = (Estimate(), Estimate(), Estimate(), Estimate())
    for block in 0..<200_000 as Range<UInt64> {
      // |h|² and |h'|² at SNR 0 dB.
      let power = pow(10, Double(link.state(ofBlock: block).snrDB) / 10)
      let reported = pow(10, Double(link.reportedSNRDB(ofBlock: block)) / 10)
      mean.add(reported)
      variance.add((reported - 1) * (reported - 1))
      covariance.add((power - 1) * (reported - 1))
      below.add(reported < 0.5 ? 1 : 0)
    }
    #expect(mean.z(from: 1) < 3.5)
    // Of a Rician law this is K, too: the variance is (2K + 1)/(K + 1)².
    #expect(variance.z(from: Theory.powerVariance(fading)) < 3.5, "\(variance.mean)")
    #expect(below.z(from: Theory.powerDistribution(fading, below: 0.5)) < 3.5, "\(below.mean)")
    let expected =
      switch fading {
      case .rician(let k): (rho * rho + 2 * k * rho) / ((k + 1) * (k + 1))
      case .none, .rayleigh, .nakagami: rho * rho * Theory.powerVariance(fading)
      }
    #expect(covariance.z(from: expected) < 3.5, "\(covariance.mean)")
  }

  @Test func `outdated reports of Rayleigh fading are what they have always been`() throws {
    let configuration = LinkConfiguration(
      snr: .normal(meanDB: 30, stdDB: 50), feedback: ChannelFeedback(errorStdDB: 1, ageing: .correlation(0.7)),
      seed: 143)
    let link = try SimulatedLink(configuration: configuration, id: LinkID(baseStation: 1, process: 2))
    #expect(
      (0..<4).map { link.reportedSNRDB(ofBlock: $0).bitPattern } == [
        1_117_913_723, 1_118_583_466, 1_107_325_571, 1_086_406_357,
      ])
  }

  @Test func `without fading an old report is true`() throws {
    for ageing in [ChannelFeedback.Ageing.correlation(0.3), .seconds(0.01)] {
      let configuration = LinkConfiguration(
        snr: .normal(meanDB: 5, stdDB: 20), fading: .none, doppler: Doppler(speed: 10, carrier: 1e9),
        feedback: ChannelFeedback(ageing: ageing), seed: 144)
      let link = try SimulatedLink(configuration: configuration, id: LinkID(baseStation: 1, process: 2))
      #expect((0..<100).allSatisfy { link.reportedSNRDB(ofBlock: $0) == link.state(ofBlock: $0).snrDB })
    }
  }

  @Test func `a late report of fading that follows time tells the fading of that time`() throws {
    var configuration = LinkConfiguration(
      snr: .normal(meanDB: 0, stdDB: 0), fading: .rician(kFactor: 4), doppler: Doppler(speed: 30, carrier: 1e9),
      feedback: ChannelFeedback(ageing: .seconds(0.003)), blockDuration: 0.001, seed: 145)
    let link = try SimulatedLink(configuration: configuration, id: LinkID(baseStation: 1, process: 2))
    for block in 3..<200 as Range<UInt64> {
      let (reported, then) = (link.reportedSNRDB(ofBlock: block), link.state(ofBlock: block - 3).snrDB)
      #expect(abs(reported - then) < 1e-4)
      #expect(reported != link.state(ofBlock: block).snrDB)
    }
    configuration.doppler = nil
    let error = #expect(throws: LinkConfigurationError.self) {
      try SimulatedLink(configuration: configuration, id: LinkID(baseStation: 1, process: 2))
    }
    #expect(error?.field == "feedback-delay-ms")
  }

  @Test(arguments: 1...4)
  func `b bits tell 2^b levels from -20 to 30 dB`(bits: Int) throws {
    let coarse = try link(ChannelFeedback(bits: bits))
    let width = 50 / Float(1 << bits)
    var levels: Set<Float> = []
    for block in 0..<3_000 as Range<UInt64> {
      let (exact, reported) = (coarse.state(ofBlock: block).snrDB, coarse.reportedSNRDB(ofBlock: block))
      levels.insert(reported)
      #expect(abs(reported - max(-20, min(30, exact))) <= width / 2 + 1e-4)
    }
    #expect(levels.count == 1 << bits)
    #expect(levels.min() == -20 + width / 2 && levels.max() == 30 - width / 2)
  }

  private func link(_ feedback: ChannelFeedback) throws -> SimulatedLink {
    let configuration = LinkConfiguration(snr: .normal(meanDB: 5, stdDB: 20), feedback: feedback, seed: 141)
    return try SimulatedLink(configuration: configuration, id: LinkID(baseStation: 0, process: 4))
  }
}
