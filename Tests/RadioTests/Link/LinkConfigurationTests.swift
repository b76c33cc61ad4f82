import Foundation
import Radio
import Testing

struct LinkConfigurationTests {
  @Test func `the paper's law is the default`() {
    let configuration = LinkConfiguration()
    #expect(configuration.snrMeanDB == 30 && configuration.snrStdDB == 50)
    #expect(configuration.snrReference == .preFading && configuration.fading == .rayleigh)
  }

  @Test(arguments: [
    (LinkConfiguration(snrMeanDB: .nan), "snr-mean-db: expected a number from -200.0 to 200.0, received nan"),
    (LinkConfiguration(snrStdDB: -1), "snr-std-db: expected a number from 0.0 to 100.0, received -1.0"),
    (
      LinkConfiguration(fading: .rician(kFactor: -1)),
      "rician-k: expected a number from 0.0 to 1000000.0, received -1.0"
    ),
    (LinkConfiguration(fading: .nakagami(m: 0.4)), "nakagami-m: expected a number from 0.5 to 1000.0, received 0.4"),
  ])
  func `a value out of range is refused and named`(configuration: LinkConfiguration, message: String) {
    let error = #expect(throws: LinkConfigurationError.self) {
      try SimulatedLink(configuration: configuration, id: LinkID(baseStation: 0, process: 0))
    }
    #expect(error?.description == message)
  }

  @Test func `names of kinds, clocks and references go both ways`() {
    for kind in LinkKind.allCases { #expect(LinkKind(kind.description) == kind) }
    for clock in LinkClock.allCases { #expect(LinkClock(clock.description) == clock) }
    for reference in SNRReference.allCases { #expect(SNRReference(reference.description) == reference) }
    #expect(LinkKind("Analog") == nil)
  }

  @Test func `a configuration survives JSON`() throws {
    let configuration = LinkConfiguration(snrMeanDB: 3, fading: .rician(kFactor: 4), seed: .max)
    #expect(
      try JSONDecoder().decode(LinkConfiguration.self, from: JSONEncoder().encode(configuration)) == configuration)
  }
}
