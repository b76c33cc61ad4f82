import Foundation
import Radio
import Testing

struct SimulatedLinkTests {
  let paper = LinkConfiguration(seed: 1)
  let id = LinkID(baseStation: 3, process: 5)

  @Test func `the ideal link leaves latents alone`() throws {
    let (z, carried) = try carry(zeros(3), kind: .ideal)
    #expect(z == [0, 0, 0] && carried.symbols == 0)
  }

  @Test func `two latents make a symbol and an odd one is padded`() throws {
    for (count, symbols) in [(0, 0), (1, 1), (2, 1), (119, 60), (120, 60), (121, 61)] {
      #expect(try carry(zeros(count)).carried.symbols == symbols)
    }
    #expect(Array(try carry(zeros(121)).z.dropLast()) == (try carry(zeros(120)).z))
  }

  @Test func `before fading the law is N(mean, std²) dB and |h|² is exponential`() throws {
    let link = try SimulatedLink(configuration: paper, id: id)
    let states = (0..<200_000).map { link.state(ofBlock: $0) }
    let law = states.map { Double($0.snrDB) - 20 * log10(Double($0.h)) }
    expect(law, mean: 30, variance: 2_500, excessKurtosis: 0)
    // Kolmogorov-Smirnov against 1 - exp(-|h|²).
    let n = Double(states.count)
    var distance = 0.0
    for (i, gain) in states.map({ Double($0.h) * Double($0.h) }).sorted().enumerated() {
      distance = max(distance, abs(1 - exp(-gain) - (Double(i) + 0.5) / n))
    }
    #expect(distance * n.squareRoot() < 2)
    // The two are independent.
    let products = zip(law, states).map { ($0 - 30) / 50 * (Double($1.h) * Double($1.h) - 1) }
    #expect(abs(products.reduce(0, +)) / n.squareRoot() < 3.5)
  }

  @Test func `after fading the law is that of the instantaneous SNR`() throws {
    let configuration = LinkConfiguration(snrMeanDB: 10, snrStdDB: 5, snrReference: .postFading, seed: 2)
    let link = try SimulatedLink(configuration: configuration, id: id)
    let states = (0..<200_000).map { link.state(ofBlock: $0) }
    expect(states.map { Double($0.snrDB) }, mean: 10, variance: 25, excessKurtosis: 0)
    expect(states.map { Double($0.h) * Double($0.h) }, mean: 1, variance: 1, excessKurtosis: 6)
  }

  @Test(arguments: [
    (Fading.rayleigh, 1.0, 6.0), (.rician(kFactor: 0), 1, 6), (.rician(kFactor: 3), 7.0 / 16, 312.0 / 196),
    (.nakagami(m: 0.5), 2, 12), (.nakagami(m: 1), 1, 6), (.nakagami(m: 2.5), 0.4, 2.4),
  ])
  func `the power gain has mean 1 and the variance of its law`(
    fading: Fading, variance: Double, excessKurtosis: Double
  ) throws {
    // Rician: (2K + 1)/(K + 1)² (a non-central chi-square); Nakagami: 1/m (a gamma law).
    let link = try SimulatedLink(configuration: LinkConfiguration(fading: fading, seed: 3), id: id)
    let gains = (0..<200_000).map { Double(link.state(ofBlock: $0).h) }.map { $0 * $0 }
    expect(gains, mean: 1, variance: variance, excessKurtosis: excessKurtosis)
  }

  @Test func `without fading h is 1`() throws {
    let link = try SimulatedLink(configuration: LinkConfiguration(fading: .none, seed: 3), id: id)
    #expect((0..<1_000).allSatisfy { link.state(ofBlock: $0).h == 1 })
  }

  @Test func `the parts of a state agree with one another`() throws {
    for reference in SNRReference.allCases {
      let configuration = LinkConfiguration(snrReference: reference, seed: 4)
      let link = try SimulatedLink(configuration: configuration, id: id)
      for block in 0..<10_000 as Range<UInt64> {
        let state = link.state(ofBlock: block)
        let snr = 20 * (log10(Double(state.h)) - log10(Double(state.sigma)))
        #expect(abs(snr - Double(state.snrDB)) < 1e-4)
        #expect(state.distortionSigma(powerScaling: 0.5) == state.sigma / (0.5 * state.h))
      }
    }
  }

  @Test func `blocks replay bit for bit in any order`() throws {
    let link = try SimulatedLink(configuration: paper, id: id)
    let inOrder = (0..<5_000).map { link.state(ofBlock: $0) }
    let again = try SimulatedLink(configuration: paper, id: id)
    for block in (0..<5_000).shuffled() { #expect(again.state(ofBlock: UInt64(block)) == inOrder[block]) }
    #expect(link.state(ofBlock: .max) == again.state(ofBlock: .max))
  }

  @Test func `the noise left on a latent has variance sigma~²`() throws {
    for block in 0..<8 as Range<UInt64> {
      let (z, carried) = try carry(zeros(200_000), p: 0.7, block: block)
      let sigma = Double(carried.state.distortionSigma(powerScaling: 0.7))
      expect(z.map { Double($0) / sigma }, mean: 0, variance: 1, excessKurtosis: 0)
    }
  }

  @Test func `noise is added to the latents`() throws {
    let noise = try carry(zeros(64), block: 9).z
    let signal = (0..<64).map(Float.init)
    #expect(try carry(signal, block: 9).z == zip(signal, noise).map { $0 + $1 })
  }

  @Test func `a block changes state but not the noise's shape; tag and attempt change the noise only`() throws {
    let base = try carry(zeros(64))
    let otherBlock = try carry(zeros(64), block: 1)
    #expect(otherBlock.carried.state != base.carried.state)
    let ratio = otherBlock.z[0] / base.z[0]
    #expect(zip(otherBlock.z, base.z).allSatisfy { abs($0 / $1 / ratio - 1) < 1e-5 })
    for other in [try carry(zeros(64), tag: 1), try carry(zeros(64), attempt: 1)] {
      #expect(other.carried.state == base.carried.state)
      #expect(zip(other.z, base.z).allSatisfy { $0 != $1 })
    }
    #expect(try carry(zeros(64)).z == base.z)
  }

  @Test func `seed, base station and process each change state and noise`() throws {
    let variants = [
      (paper, id), (LinkConfiguration(seed: 2), id), (paper, LinkID(baseStation: 5, process: 3)),
      (paper, LinkID(baseStation: 3, process: 6)), (paper, LinkID(baseStation: 4, process: 5)),
    ]
    let results = try variants.map { try carry(zeros(2), configuration: $0, id: $1) }
    #expect(Set(results.map(\.carried.state)).count == variants.count)
    #expect(Set(results.map(\.z)).count == variants.count)
  }

  @Test func `links, blocks and messages are independent of each other`() throws {
    let n = 100_000
    let other = try SimulatedLink(configuration: paper, id: LinkID(baseStation: 3, process: 6))
    let link = try SimulatedLink(configuration: paper, id: id)
    let a = (0..<n).map { (Double(link.state(ofBlock: UInt64($0)).snrDB) - 27.5) / 50.3 }
    let b = (0..<n).map { (Double(other.state(ofBlock: UInt64($0)).snrDB) - 27.5) / 50.3 }
    expectUncorrelated(a, b)
    expectUncorrelated(Array(a.dropLast()), Array(a.dropFirst()))
    let first = try carry(zeros(n), tag: 0)
    for second in [try carry(zeros(n), tag: 1), try carry(zeros(n), attempt: 1)] {
      let sigma = Double(first.carried.state.distortionSigma(powerScaling: 1))
      expectUncorrelated(first.z.map { Double($0) / sigma }, second.z.map { Double($0) / sigma })
    }
  }

  // MARK: -

  private func zeros(_ count: Int) -> [Float] { [Float](repeating: 0, count: count) }

  private func carry(
    _ latents: [Float], configuration: LinkConfiguration? = nil, id: LinkID? = nil, p: Float = 1,
    kind: LinkKind = .analog, block: UInt64 = 0, tag: UInt64 = 0, attempt: UInt32 = 0
  ) throws -> (z: [Float], carried: Carried) {
    let link = try SimulatedLink(configuration: configuration ?? paper, id: id ?? self.id)
    var z = latents
    let carried = z.withUnsafeMutableBufferPointer {
      link.carry($0, powerScaling: p, kind: kind, block: block, tag: tag, attempt: attempt)
    }
    return (z, carried)
  }

  /// Mean and variance within 3.5 standard errors; the variance's error follows from the kurtosis.
  private func expect(_ samples: [Double], mean: Double, variance: Double, excessKurtosis: Double) {
    let n = Double(samples.count)
    let average = samples.reduce(0, +) / n
    #expect(abs(average - mean) / (variance / n).squareRoot() < 3.5)
    let spread = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    #expect(abs(spread - variance) / (variance * ((2 + excessKurtosis) / n).squareRoot()) < 3.5)
  }

  private func expectUncorrelated(_ a: [Double], _ b: [Double]) {
    #expect(abs(zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }) / Double(a.count).squareRoot() < 3.5)
  }
}
