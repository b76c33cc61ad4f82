import Radio
import Randomness
import Testing

/// Every kind of channel reaches any block by itself.
struct ReplayTests {
  static let trace: SNRTrace = {
    guard let trace = try? SNRTrace(parsing: "1 2\n3 4\n5 6") else { preconditionFailure("a trace of three blocks") }
    return trace
  }()

  static let configurations: [LinkConfiguration] = [
    LinkConfiguration(),
    LinkConfiguration(fading: .nakagami(m: 0.7)),
    LinkConfiguration(
      snr: .normal(meanDB: 10, stdDB: 5), fading: .rician(kFactor: 3), doppler: Doppler(speed: 20, carrier: 2.4e9),
      feedback: ChannelFeedback(errorStdDB: 1, ageing: .correlation(0.9), bits: 3)),
    LinkConfiguration(
      snr: .pathLoss(PathLoss(shadowingStdDB: 7, mobility: .gaussMarkov(area: 120, speed: 2, speedStd: 1, memory: 10))),
      interference: Interference(count: 2, toNoiseDB: 3, activity: 0.5, burst: 7),
      feedback: ChannelFeedback(ageing: .blocks(5))),
    LinkConfiguration(
      snr: .pathLoss(PathLoss(shadowingStdDB: 4, mobility: .randomWaypoint(area: 50, speeds: 1...3, pause: 2)))),
    LinkConfiguration(snr: .pathLoss(PathLoss(mobility: .straight(area: 500, speed: 30)))),
    LinkConfiguration(snr: .pathLoss(PathLoss(shadowingStdDB: 7, mobility: .fixed(distance: 40))), fading: .none),
    LinkConfiguration(
      snr: .trace(trace), snrReference: .postFading,
      doppler: Doppler(speed: 3, carrier: 1e9)),
  ]

  @Test(arguments: configurations)
  func `random order equals sequential order bit for bit`(configuration: LinkConfiguration) throws {
    let id = LinkID(baseStation: 2, process: 3)
    let count = 3 * Int(Mobility.anchorInterval) + 100
    let link = try SimulatedLink(configuration: configuration, id: id)
    let states = (0..<count).map { link.state(ofBlock: UInt64($0)) }
    let reports = (0..<count).map { link.reportedSNRDB(ofBlock: UInt64($0)) }
    for block in permutation(of: count, seed: 1, epoch: 0) {
      let again = block % 64 == 0 ? try SimulatedLink(configuration: configuration, id: id) : link
      #expect(again.reportedSNRDB(ofBlock: UInt64(block)) == reports[block])
      #expect(again.state(ofBlock: UInt64(block)) == states[block])
    }
    for block in [UInt64.max, 1 << 52, 1 << 40] {
      let state = link.state(ofBlock: block)
      #expect(state == link.state(ofBlock: block) && state.h > 0 && state.sigma > 0 && state.snrDB.isFinite)
    }
  }
}
