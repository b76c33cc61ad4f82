import Foundation
import MixtureOfExperts
import Radio
import Tensors
import Testing

@Suite struct LinkEncodingTests {
  private let encoding = LinkEncoding.standard

  @Test(arguments: [(-20.0, -1.0), (5.0, 0.0), (30.0, 1.0), (-300.0, -1.0), (200.0, 1.0), (17.5, 0.5)])
  func `SNR in dB is clipped and scaled`(snrDB: Double, code: Double) {
    #expect(abs(encoding(.known(snrDB: Float(snrDB))) - Float(code)) < 1e-6)
  }

  @Test func `an unknown link looks like the worst, an ideal one like the best`() {
    #expect(encoding(.unknown) == encoding(.known(snrDB: -.infinity)))
    #expect(encoding(.ideal) == encoding(.known(snrDB: .infinity)))
    #expect(encoding(.known(snrDB: .nan)) == encoding(.unknown))
  }

  @Test func `a digital link is seen by the odds that a message arrives`() {
    let law = PacketErrorLaw(messageBits: 1_000)
    let even = encoding(LinkState.known(snrDB: 7).seen(through: law))
    #expect(abs(even - encoding(.known(snrDB: 0))) < 1e-5)
    let sure = encoding(LinkState.known(snrDB: 8.75).seen(through: law))
    #expect(abs(sure - encoding(.known(snrDB: 19.956))) < 1e-4)
    #expect(LinkState.unknown.seen(through: law) == .unknown)
    #expect(LinkState.ideal.seen(through: law) == .ideal)
    #expect(encoding(LinkState.known(snrDB: .nan).seen(through: law)) == encoding(.unknown))
  }
}

@Suite struct DistortionEncodingTests {
  private let encoding = LinkEncoding.distortion(powerScaling: 0.5, ceiling: 1e6)

  @Test(arguments: [(0.0, 2.0), (20.0, 0.2), (-40.0, 200.0), (-300.0, 1e6)])
  func `the paper's σ~ is 1/(p √SNR)`(snrDB: Double, sigma: Double) {
    #expect(abs(encoding(.known(snrDB: Float(snrDB))) - Float(sigma)) < 1e-4 * Float(sigma))
  }

  @Test func `an unknown link looks like the worst, an ideal one does not distort`() {
    #expect(encoding(.unknown) == 1e6)
    #expect(encoding(.known(snrDB: .nan)) == 1e6)
    #expect(encoding(.ideal) == 0)
  }
}

@Suite struct ExpertSetTests {
  @Test func `sets insert, remove, count and fill up to sixty-four`() {
    var set = ExpertSet([1, 5])
    set.insert(expert: 63)
    set.remove(expert: 5)
    #expect(set.contains(expert: 63) && !set.contains(expert: 5) && set.count == 2)
    #expect(ExpertSet.all(64).count == 64)
    #expect(ExpertSet.all(8) == ExpertSet(0..<8))
    #expect(ExpertSet.all(0).isEmpty)
  }
}

@Suite struct PowerEncodingTests {
  private let encoding = LinkEncoding.power(ceiling: 30)

  @Test(arguments: [(30.0, 1.0), (20.0, 0.1), (0.0, 0.001), (-300.0, 0.0), (200.0, 1.0)])
  func `the SNR as a ratio is clipped and scaled`(snrDB: Double, code: Double) {
    #expect(abs(encoding(.known(snrDB: Float(snrDB))) - Float(code)) < 1e-6)
  }

  @Test func `an unknown link looks like the worst, an ideal one like the best`() {
    #expect(encoding(.unknown) == 0 && encoding(.ideal) == 1 && encoding(.known(snrDB: .nan)) == 0)
  }
}

@Suite struct LinkViewTests {
  private let law = PacketErrorLaw(messageBits: 1_000)
  private let links: [LinkState] = [.known(snrDB: 35), .known(snrDB: 10), .unknown, .ideal]

  private func codes(
    _ encoding: LinkEncoding, isDigital: Bool, eligible: ExpertSet = .all(4), packetErrors: PacketErrorLaw?
  ) -> [Float] {
    let view = LinkView(encoding, packetErrors: packetErrors, expertCount: 4)
    return view(links, eligible: [eligible], isDigital: [isDigital]).scalars
  }

  private func expect(_ received: [Float], _ expected: [Float]) {
    #expect(received.count == expected.count)
    for (a, b) in zip(received, expected) { #expect(abs(a - b) < 1e-5) }
  }

  @Test func `a gate compares links: level, odds of delivery, height below the best`() {
    let level: [Float] = [1, 0.2, -1, 1]
    // The heights are those of links at 35, 10, -20 and at most 40 dB.
    let height: [Float] = [-5 / 25, -30 / 25, -30 / 25, 0]
    expect(codes(.compared, isDigital: false, packetErrors: law), level + [0, 0, 0, 0] + height)
    let odds = links.map { LinkEncoding.standard($0.seen(through: law)) }
    expect(codes(.compared, isDigital: true, packetErrors: law), level + odds + height)
    expect(codes(.compared, isDigital: true, packetErrors: nil), level + [0, 0, 0, 0] + height)
  }

  @Test func `an expert that is not eligible is as one unknown, and nobody is compared with it`() {
    let seen = codes(.compared, isDigital: false, eligible: ExpertSet([1, 2]), packetErrors: law)
    expect(seen, [-1, 0.2, -1, -1, 0, 0, 0, 0, -30 / 25, 0, -30 / 25, -30 / 25])
    expect(
      codes(.standard, isDigital: false, eligible: ExpertSet([1, 2]), packetErrors: law), [-1, 0.2, -1, -1])
    // Nobody is: no height either.
    expect(
      codes(.compared, isDigital: false, eligible: ExpertSet(), packetErrors: law).suffix(4).map(\.self), [0, 0, 0, 0])
  }

  @Test func `rows of a batch are seen each by itself`() {
    let view = LinkView(.compared, packetErrors: law, expertCount: 2)
    let all = ExpertSet.all(2)
    let states: [LinkState] = [.known(snrDB: 3), .known(snrDB: 9), .known(snrDB: -4), .known(snrDB: 22)]
    let together = view(states, eligible: [all, all], isDigital: [true, false])
    #expect(together.shape == [2, 6])
    #expect(together.rows(0..<1) == view([states[0], states[1]], eligible: [all], isDigital: [true]))
    #expect(together.rows(1..<2) == view([states[2], states[3]], eligible: [all], isDigital: [false]))
  }
}
