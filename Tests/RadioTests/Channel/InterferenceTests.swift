import Foundation
import Radio
import Testing

struct InterferenceTests {
  @Test func `the SINR divides by noise and the interferers that are on`() throws {
    var total = Estimate()
    let clean = try link(nil)
    let disturbed = try link(Interference(count: 3, toNoiseDB: 5, activity: 0.4))
    for block in 0..<100_000 as Range<UInt64> {
      let (a, b) = (clean.state(ofBlock: block), disturbed.state(ofBlock: block))
      #expect(a.h == b.h)
      #expect(abs(20 * log10(Double(b.h) / Double(b.sigma)) - Double(b.snrDB)) < 1e-4)
      total.add(pow(10, Double(a.snrDB - b.snrDB) / 10) - 1)
    }
    // Σ P_j |h_j|²/N0 has mean 3 · 0.4 · 10^0.5.
    #expect(total.z(from: 1.2 * pow(10, 0.5)) < 3.5, "\(total.mean)")
  }

  @Test func `an interferer stays on or off for a burst`() throws {
    let clean = try link(nil)
    let disturbed = try link(Interference(count: 1, toNoiseDB: 30, activity: 0.5, burst: 10))
    var on = 0
    for burst in 0..<2_000 as Range<UInt64> {
      let states = (0..<10).map { block in
        clean.state(ofBlock: burst * 10 + block).snrDB != disturbed.state(ofBlock: burst * 10 + block).snrDB
      }
      #expect(Set(states).count == 1)
      on += states[0] ? 1 : 0
    }
    #expect(abs(Double(on) - 1_000) / 500.0.squareRoot() < 3.5)
  }

  @Test func `no activity is no interference`() throws {
    let silent = try link(Interference(count: 5, toNoiseDB: 40, activity: 0))
    let clean = try link(nil)
    #expect((0..<100).allSatisfy { silent.state(ofBlock: $0) == clean.state(ofBlock: $0) })
  }

  private func link(_ interference: Interference?) throws -> SimulatedLink {
    let configuration = LinkConfiguration(snr: .normal(meanDB: 10, stdDB: 3), interference: interference, seed: 131)
    return try SimulatedLink(configuration: configuration, id: LinkID(baseStation: 0, process: 4))
  }
}
