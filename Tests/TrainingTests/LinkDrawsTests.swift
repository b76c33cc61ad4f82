import Foundation
import MixtureOfExperts
import Radio
import Tensors
import Testing
import Training

@Suite struct LinkDrawsTests {
  private let n = 400

  private func description() -> ModelDescription {
    ModelDescription(
      name: "draws", backbone: .leNet5, recipe: "none", combination: .probabilities, expertCount: 4, latentCount: 120,
      outputCount: 2, inputShape: BackboneKind.leNet5.inputShape, classLabels: ["a", "b"],
      normalisation: PixelNormalisation(mean: [0, 0, 0], deviation: [1, 1, 1]), powerScaling: 0.5,
      latentMean: [Float](repeating: 9, count: 120))
  }

  private func draw(_ kind: LinkDraws.Kind, downShare: Double = 0) throws -> (z: Tensor, draw: LinkDraws.Draw) {
    let z = Tensor(repeating: 1, shape: [n, 120])
    let draws = try LinkDraws(
      [(LinkConfiguration(), 1)], seed: 5, model: description(), baseStation: 1, kind: kind, downShare: downShare)
    return (z, draws.draw(z, firstSample: 10))
  }

  @Test func `an analog latent is z plus noise of variance σ~² = 1/(p² SNR)`() throws {
    let (z, draw) = try draw(.analog)
    for k in 0..<4 {
      for row in stride(from: 0, to: n, by: 37) {
        guard case .known(let snrDB) = draw.states[row * 4 + k], snrDB > -60, snrDB < 60 else { continue }
        let noise = (0..<120).map { Double(draw.received[k][row, $0] - z[row, $0]) }
        let variance = noise.reduce(0) { $0 + $1 * $1 } / 120
        let expected = 1 / (0.25 * pow(10, Double(snrDB) / 10))
        #expect(variance > 0.55 * expected && variance < 1.6 * expected)
      }
    }
  }

  @Test func `a digital latent arrives whole or as the mean, more often whole on a better link`() throws {
    let (z, draw) = try draw(.digital)
    for k in 0..<4 {
      for row in 0..<n {
        guard case .known(let snrDB) = draw.states[row * 4 + k] else { continue }
        let received = draw.received[k][row, 0]
        #expect(received == z[row, 0] || received == 9)
        if snrDB > 12 { #expect(received == 1) }
        if snrDB < 2 { #expect(received == 9) }
      }
    }
  }

  @Test func `of several laws each sample's links follow one, by its share`() throws {
    let weak = LinkConfiguration(snrMeanDB: -100, snrStdDB: 1)
    let strong = LinkConfiguration(snrMeanDB: 100, snrStdDB: 1)
    let draws = try LinkDraws(
      [(weak, 3), (strong, 1)], seed: 5, model: description(), baseStation: 1, kind: .analog)
    let states = draws.draw(Tensor(repeating: 1, shape: [n, 120]), firstSample: 0).states
    let strongLinks = (0..<n).map { row in states[row * 4..<row * 4 + 4].count { $0 > .known(snrDB: 0) } }
    #expect(Set(strongLinks) == [0, 4])
    // Five standard deviations of a share of 1/4 among 400.
    let strongSamples = strongLinks.count { $0 == 4 }
    #expect(abs(strongSamples - 100) < 44)
  }

  @Test func `a law's reports may be old: the gate is told of another state than the one the latent meets`() throws {
    func draw(_ field: String, _ feedback: ChannelFeedback) throws -> LinkDraws.Draw {
      let law = try JSONDecoder().decode(
        Recipe.SNRLaw.self, from: Data(#"{ "meanDB": 20, "stdDB": 0, "share": 1\#(field) }"#.utf8))
      #expect(law.configuration.feedback == feedback)
      let draws = try LinkDraws([(law.configuration, 1)], seed: 5, model: description(), baseStation: 1, kind: .analog)
      return draws.draw(Tensor(repeating: 1, shape: [n, 120]), firstSample: 0)
    }
    let fresh = try draw("", .perfect)
    let old = try draw(#", "reportCorrelation": 0"#, ChannelFeedback(ageing: .correlation(0)))
    #expect(old.received == fresh.received)
    // Two exponential laws that have nothing to do with each other; their difference in dB has a deviation of 7.9.
    let errors = zip(old.states, fresh.states).map { Double($0.snrDB - $1.snrDB) }
    let deviation = (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
    #expect(abs(deviation - 7.9) < 1.5)
  }

  @Test func `experts are down with the share asked for, and a draw is a function of the sample's number`() throws {
    let (_, first) = try draw(.mixed(digitalShare: 0.5), downShare: 0.3)
    let up = first.eligible.reduce(0) { $0 + $1.count }
    #expect(abs(Double(up) / Double(4 * n) - 0.7) < 0.04)
    let draws = try LinkDraws(
      [(LinkConfiguration(), 1)], seed: 5, model: description(), baseStation: 1, kind: .mixed(digitalShare: 0.5),
      downShare: 0.3)
    let later = draws.draw(Tensor(repeating: 1, shape: [3, 120]), firstSample: 110)
    #expect(later.states == Array(first.states[400..<412]))
    #expect(later.eligible == Array(first.eligible[100..<103]))
    #expect(later.received[2] == first.received[2].rows(100..<103))
  }
}

extension LinkState {
  fileprivate var snrDB: Float {
    if case .known(let snrDB) = self { snrDB } else { .nan }
  }
}
