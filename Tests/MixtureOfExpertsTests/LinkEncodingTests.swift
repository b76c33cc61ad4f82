import Foundation
import MixtureOfExperts
import Radio
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
