import Foundation
import Radio
import Testing

@Suite struct PacketErrorLawTests {
  @Test(arguments: [(1_000.0, 7.0, 8.75), (4_000.0, 7.6, 9.35)])
  func `half and a hundredth of the messages are lost where they were measured`(
    bits: Double, half: Double, hundredth: Double
  ) {
    let law = PacketErrorLaw(messageBits: bits)
    #expect(abs(law.lossProbability(snrDB: half) - 0.5) < 1e-6)
    #expect(abs(law.lossProbability(snrDB: hundredth) - 0.01) < 1e-6)
  }

  @Test func `the odds of delivery in dB are those of the loss probability`() {
    let law = PacketErrorLaw(messageBits: 700)
    for snrDB in stride(from: 2.0, to: 12, by: 0.5) {
      let lost = law.lossProbability(snrDB: snrDB)
      #expect(abs(law.deliveryOdds(snrDB: snrDB) - 10 * log10((1 - lost) / lost)) < 1e-6)
    }
  }
}
