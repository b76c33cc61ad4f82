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

  @Test(arguments: [0.0, 0.6425, 0.95, 1])
  func `outdated fading keeps its law and correlates by rho`(rho: Double) throws {
    let configuration = LinkConfiguration(
      snr: .normal(meanDB: 0, stdDB: 0), feedback: ChannelFeedback(ageing: .correlation(rho)), seed: 142)
    let link = try SimulatedLink(configuration: configuration, id: LinkID(baseStation: 1, process: 1))
    var (mean, variance, covariance) = (Estimate(), Estimate(), Estimate())
    for block in 0..<200_000 as Range<UInt64> {
      // |h|² and |h'|² at SNR 0 dB; their covariance is rho².
      let power = pow(10, Double(link.state(ofBlock: block).snrDB) / 10)
      let reported = pow(10, Double(link.reportedSNRDB(ofBlock: block)) / 10)
      mean.add(reported)
      variance.add((reported - 1) * (reported - 1))
      covariance.add((power - 1) * (reported - 1))
    }
    #expect(mean.z(from: 1) < 3.5 && variance.z(from: 1) < 3.5)
    #expect(covariance.z(from: rho * rho) < 3.5, "\(covariance.mean)")
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
