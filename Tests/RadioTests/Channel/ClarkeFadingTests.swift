import Radio
import Randomness
import Testing

struct ClarkeFadingTests {
  @Test(arguments: [(0.05, 0.9755), (0.1, 0.9037), (0.2, 0.6425), (0.3827, 0.0), (0.5, -0.3042)])
  func `the autocorrelation is J0(2 pi f_d tau)`(periods: Double, reference: Double) {
    // The zero's lag is rounded too.
    #expect(abs(Theory.clarkeAutocorrelation(periods: periods) - reference) < 1.5e-4)
    var (real, imaginary) = (Estimate(), Estimate())
    for link in 0..<40_000 as Range<UInt64> {
      let fading = SumOfSinusoids(StreamKey(seed: 101, link))
      for start in [0.0, 1_000] {
        let (a, b) = fading.value(at: start)
        let (c, d) = fading.value(at: start + periods)
        real.add(a * c + b * d)
        imaginary.add(a * d - b * c)
      }
    }
    #expect(real.z(from: reference, rounding: 1.5e-4) < 3.5, "\(real.mean)")
    #expect(imaginary.z(from: 0) < 3.5)
  }

  @Test(arguments: [(-20.0, 0.2482, 0.0401), (-10, 0.7172, 0.1327), (0, 0.9221, 0.6855)])
  func `levels are crossed and fades last as Rice says`(levelDB: Double, rate: Double, duration: Double) throws {
    #expect(abs(Theory.levelCrossingRate(levelDB: levelDB) - rate) < 0.5e-4)
    #expect(abs(Theory.averageFadeDuration(levelDB: levelDB) - duration) < 0.5e-4)
    // 400 samples a Doppler period: a fade at -20 dB lasts 16 of them on average. f_d = 1 Hz.
    let doppler = Doppler(speed: 299_792_458e-9, carrier: 1e9)
    #expect(abs(doppler.frequency - 1) < 1e-12)
    let configuration = LinkConfiguration(
      snr: .normal(meanDB: 0, stdDB: 0), doppler: doppler, blockDuration: 0.0025, seed: 102)
    var (crossings, excess) = (Estimate(), Estimate())
    var events = 0.0
    for process in 0..<900 as Range<UInt32> {
      let link = try SimulatedLink(configuration: configuration, id: LinkID(baseStation: 0, process: process))
      // The SNR before fading is 0 dB, so the instantaneous one is |h|².
      let below = (0...2_000).map { Double(link.state(ofBlock: $0).snrDB) < levelDB }
      let falls = Double(zip(below, below.dropFirst()).count { !$0 && $1 })
      let time = Double(below.dropLast().count { $0 }) * 0.0025
      crossings.add(falls / 5)
      excess.add(time - duration * falls)
      events += falls
    }
    #expect(events >= 1_000)
    #expect(crossings.z(from: rate, rounding: 0.5e-4) < 3.5, "\(crossings.mean)")
    #expect(excess.z(from: 0, rounding: 0.5e-4 * events / 900) < 3.5, "\(excess.mean)")
  }

  @Test(arguments: [0.0, 4])
  func `power has mean 1 and its law's variance, over links and over time`(kFactor: Double) throws {
    let configuration = LinkConfiguration(
      snr: .normal(meanDB: 0, stdDB: 0), fading: .rician(kFactor: kFactor), doppler: Doppler(speed: 30, carrier: 5.9e9),
      seed: 103)
    let variance = Theory.powerVariance(.rician(kFactor: kFactor))
    var (mean, spread) = (Estimate(), Estimate())
    for process in 0..<20_000 as Range<UInt32> {
      let link = try SimulatedLink(configuration: configuration, id: LinkID(baseStation: 0, process: process))
      let power = Double(link.state(ofBlock: 3).h) * Double(link.state(ofBlock: 3).h)
      mean.add(power)
      spread.add((power - 1) * (power - 1))
    }
    #expect(mean.z(from: 1) < 3.5)
    // 64 waves: E|h|⁴ is lower by 1/64 for the scattered part.
    #expect(spread.z(from: variance, rounding: 1 / 64.0) < 3.5, "\(spread.mean)")
    let link = try SimulatedLink(configuration: configuration, id: LinkID(baseStation: 0, process: 0))
    var time = Estimate()
    for block in 0..<50_000 as Range<UInt64> {
      time.add(Double(link.state(ofBlock: block).h) * Double(link.state(ofBlock: block).h))
    }
    #expect(time.z(from: 1) < 3.5, "\(time.mean)")
  }

  @Test func `a standing device does not fade anew`() throws {
    let configuration = LinkConfiguration(
      snr: .normal(meanDB: 0, stdDB: 0), doppler: Doppler(speed: 0, carrier: 1e9), seed: 104)
    let link = try SimulatedLink(configuration: configuration, id: LinkID(baseStation: 0, process: 0))
    #expect(Set((0..<100).map { link.state(ofBlock: $0).h }).count == 1)
  }
}
